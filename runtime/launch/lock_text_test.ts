// flags: --allow-read=<tmp> --allow-write=<tmp>
import assert from "node:assert/strict";
import { InvalidInputError } from "../../engine/errors.ts";
import { lockTextOf } from "./lock_text.ts";

function lockIn(project: string) {
  return lockTextOf({ deno: "", project, cwd: project, runs: "", tmp: "" });
}

Deno.test("lockTextOf() gives one text for all of a launch, whatever becomes of the file", async () => {
  const project = await Deno.makeTempDir();
  await Deno.writeTextFile(`${project}/permissions.lock.json`, "before");
  const lock = lockIn(project);
  assert.equal(await lock.find(), "before");
  await Deno.writeTextFile(`${project}/permissions.lock.json`, "after");
  assert.equal(await lock.need(), "before");
});

Deno.test("lockTextOf() says what writes a lock that is missing", async () => {
  const project = await Deno.makeTempDir();
  const lock = lockIn(project);
  assert.equal(await lock.find(), undefined);
  await assert.rejects(lock.need(), (error) => {
    assert.ok(error instanceof InvalidInputError);
    assert.match(error.message, /permissions\.lock\.json is missing$/);
    assert.match(error.hint ?? "", /sluice lock/);
    return true;
  });
});
