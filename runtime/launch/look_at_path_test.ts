// flags: --allow-read=<tmp> --allow-write=<tmp> --allow-run=/usr/bin/ln
import assert from "node:assert/strict";
import { lookAtDisk, lookAtPath } from "./look_at_path.ts";

async function folder(): Promise<string> {
  return await Deno.realPath(await Deno.makeTempDir());
}

async function link(target: string, path: string): Promise<void> {
  const { success } = await new Deno.Command("/usr/bin/ln", {
    args: ["-s", "--", target, path],
    clearEnv: true,
  }).output();
  assert.ok(success);
}

Deno.test("lookAtPath() tells folders, files, scripts, pipes and what is missing", async () => {
  const top = await folder();
  await Deno.mkdir(`${top}/d`);
  await Deno.writeTextFile(`${top}/f`, "text");
  await Deno.writeTextFile(`${top}/s`, "#!/bin/sh\n");
  const { born, ...rest } = lookAtPath(`${top}/d`) as { born?: number; kind: string };
  assert.deepEqual(rest, { kind: "folder", real: `${top}/d`, links: [] });
  assert.ok(born === undefined || born > 0);
  assert.deepEqual(lookAtPath(`${top}/f`), {
    kind: "file",
    script: false,
    real: `${top}/f`,
    links: [],
  });
  assert.equal((lookAtPath(`${top}/s`) as { script: boolean }).script, true);
  assert.deepEqual(lookAtPath(`${top}/d/x/y`), {
    kind: "missing",
    real: `${top}/d/x/y`,
    folder: `${top}/d`,
    links: [],
  });
  // Nothing is below a file: its folder is the nearest one.
  assert.deepEqual(lookAtPath(`${top}/f/x`), {
    kind: "missing",
    real: `${top}/f/x`,
    folder: top,
    links: [],
  });
});

Deno.test("lookAtPath() notes each link where it really lies, and follows it", async () => {
  const top = await folder();
  await Deno.mkdir(`${top}/real/deep`, { recursive: true });
  await link("real", `${top}/relative`);
  // Up from where a link leads, as the kernel goes.
  await link(`${top}/relative/deep/../deep`, `${top}/absolute`);
  const found = lookAtPath(`${top}/absolute/new`);
  assert.equal(found.real, `${top}/real/deep/new`);
  assert.deepEqual(found.links, [
    { path: `${top}/absolute`, target: `${top}/relative/deep/../deep` },
    { path: `${top}/relative`, target: "real" },
  ]);
});

Deno.test("lookAtPath() takes links that lead nowhere, or round, for missing", async () => {
  const top = await folder();
  await link("gone", `${top}/dangling`);
  await link("round", `${top}/round`);
  const dangling = lookAtPath(`${top}/dangling`);
  assert.deepEqual([dangling.kind, dangling.real], ["missing", `${top}/gone`]);
  assert.equal(lookAtPath(`${top}/round/x`).kind, "missing");
});

Deno.test("lookAtDisk() takes a folder that is about to be made for there", async () => {
  const top = await folder();
  const look = lookAtDisk(`${top}/runs/r1`);
  assert.deepEqual(look(`${top}/runs/r1`), {
    kind: "folder",
    real: `${top}/runs/r1`,
    links: [],
  });
  assert.equal(look(`${top}/runs/r2`).kind, "missing");
});
