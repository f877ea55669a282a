// flags: --allow-read=<project> --allow-run=<deno>
import assert from "node:assert/strict";
import { expand } from "../../engine/permissions/expand.ts";
import { readLock } from "../../engine/permissions/lock/read_lock.ts";

const project = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");
const lock = readLock(await Deno.readTextFile(`${project}/permissions.lock.json`));

Deno.test("the lock and deno.json say what surfaces and pipelines need; sluice lock writes them", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "sluice", "lock", "--check"],
    cwd: project,
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  assert.equal(code, 0, text.decode(stdout) + text.decode(stderr));
  assert.equal(text.decode(stdout), "");
});

Deno.test("the lock names known places, and pipelines that exist", async () => {
  const places = { project: "/p", runs: "/r", tmp: "/t" };
  expand(lock.ad_hoc.ceiling, places);
  for (const [name, surface] of Object.entries(lock.surfaces)) {
    expand(surface.kind === "open" ? surface.ceiling : surface.set, places);
    const pipelines = surface.kind === "open" ? surface.pipelines : [surface.pipeline];
    for (const path of pipelines) {
      const { isFile } = await Deno.stat(`${project}/${path}`);
      assert.ok(isFile, `${name}: ${path}`);
    }
  }
});

Deno.test("a pipeline of no surface may start no program", () => {
  assert.deepEqual(lock.ad_hoc.ceiling.run, []);
});
