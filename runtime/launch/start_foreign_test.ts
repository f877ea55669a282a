// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno> --allow-env=<what Deno needs>
import assert from "node:assert/strict";
import { startForeign } from "./start_foreign.ts";

const project = decodeURIComponent(new URL("../..", import.meta.url).pathname).replace(/\/$/, "");

Deno.test("startForeign() does not wait for what a process left behind, which holds its streams", async () => {
  const root = await Deno.realPath(await Deno.makeTempDir());
  const leave = `${root}/leave.ts`;
  await Deno.writeTextFile(
    leave,
    `
new Deno.Command(Deno.execPath(), {
  args: ["eval", "for await (const _ of Deno.stdin.readable);"],
}).spawn();
Deno.exit(3);
`,
  );
  const places = { deno: Deno.execPath(), project, cwd: root, runs: `${root}/runs`, tmp: root };
  const { ended } = startForeign({ name: "./step.ts", source: "" }, {
    nonce: "n",
    flags: [],
    env: [],
    line() {},
    enter: (plain) => ({
      ...plain,
      args: ["run", "--quiet", "--no-config", `--allow-run=${Deno.execPath()}`, leave],
    }),
  }, places);
  // What was left behind ends by itself then: its standard input ends.
  assert.deepEqual(await ended, { code: 3, signal: null, memory: false });
});
