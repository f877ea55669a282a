// flags: --allow-read=<project> --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { parse } from "yaml";
import { expand } from "../../engine/permissions/expand.ts";
import { readLock } from "../../runtime/launch/read_lock.ts";

const project = new URL("../..", import.meta.url).pathname;

Deno.test("permissions.lock.json says what pipelines/surfaces.yaml says", async () => {
  const surfaces = parse(await Deno.readTextFile(`${project}pipelines/surfaces.yaml`), {
    merge: true,
  });
  const lock = JSON.parse(await Deno.readTextFile(`${project}permissions.lock.json`));
  assert.deepEqual(lock, surfaces);
});

Deno.test("the lock can be read, its ceilings name known places, and its pipelines exist", async () => {
  const lock = readLock(await Deno.readTextFile(`${project}permissions.lock.json`));
  const places = { project: "/p", runs: "/r", tmp: "/t" };
  expand(lock.ad_hoc.ceiling, places);
  for (const [name, surface] of Object.entries(lock.surfaces)) {
    if (surface.kind !== "open") continue;
    expand(surface.ceiling, places);
    for (const path of surface.pipelines) {
      const { isFile } = await Deno.stat(project + path);
      assert.ok(isFile, `${name}: ${path}`);
    }
  }
});

Deno.test("a pipeline of no surface may start no program", async () => {
  const lock = readLock(await Deno.readTextFile(`${project}permissions.lock.json`));
  assert.deepEqual(lock.ad_hoc.ceiling.run, []);
});
