// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=/usr/bin/ln
import assert from "node:assert/strict";
import type { ErrorRecord } from "../../engine/errors.ts";
import type { RunFacts } from "../../engine/step.ts";
import { badReleases } from "./bad_release.ts";
import { condemnRelease } from "./condemn.ts";
import { testContext } from "./test_bed.ts";

/** Undoes the step after a failure. Gives what was marked, and the logs that were kept. */
async function condemn(failure?: RunFacts["failure"], root?: string) {
  if (condemnRelease.effect !== "reversible") assert.fail();
  const at = root ?? await Deno.makeTempDir();
  const kept = await Deno.makeTempDir();
  const ctx = testContext(failure === undefined ? {} : { failure });
  const input = { root: at, service: ["none"], version_header: "" };
  const release = { release: "2.0.0", metadata_sha256: "ab" };
  const artifacts = () => Promise.resolve(kept);
  await condemnRelease.undo({ ...input, ...release }, {}, { ...ctx, artifacts });
  const marks = await badReleases(at);
  const logs = (await Array.fromAsync(Deno.readDir(kept))).map(({ name }) => name);
  return { root: at, marks, logs, kept, ctx };
}

function failed(change: Partial<ErrorRecord> = {}, step = "P5-3-start") {
  const error: ErrorRecord = {
    name: "FailedError",
    message: "it does not start",
    exit: 4,
    retryable: false,
    ...change,
  };
  return { step, error };
}

Deno.test("release.condemn marks a release bad that failed, and keeps why", async () => {
  const { marks, logs, kept, ctx } = await condemn(failed());
  assert.deepEqual(marks.map(({ time: _, ...mark }) => mark), [
    { version: "2.0.0", metadata_sha256: "ab", reason: "it does not start" },
  ]);
  assert.equal(logs.length, 1);
  assert.deepEqual(ctx.artifacts_, [`${kept}/${logs[0]}`]);
  assert.match(await Deno.readTextFile(`${kept}/${logs[0]}`), /^reason: it does not start$/m);
});

Deno.test("release.condemn keeps no second log where the gate kept one", async () => {
  const { marks, logs } = await condemn(failed({ artifact: "/kept/rollback.log" }, "P5-4"));
  assert.equal(marks.length, 1);
  assert.deepEqual(logs, []);
});

Deno.test("release.condemn says nothing against a release that a person took back", async () => {
  for (const failure of [undefined, failed({ name: "InterruptedError", exit: 130 })]) {
    const { marks, logs } = await condemn(failure);
    assert.deepEqual([marks, logs], [[], []]);
  }
});

Deno.test("release.condemn replaces the reason when a release fails again", async () => {
  const { root } = await condemn(failed());
  const { marks } = await condemn(failed({ message: "it is sick" }), root);
  assert.deepEqual(marks.map(({ reason }) => reason), ["it is sick"]);
});
