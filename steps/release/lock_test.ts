// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=/usr/bin/ln
import assert from "node:assert/strict";
import { BusyError } from "../../engine/errors.ts";
import { makeRoot } from "../../tests/conformance/release_root.ts";
import { checkUnlocked, lockRelease } from "./lock.ts";
import { testContext } from "./test_bed.ts";

function isBusy(error: unknown): boolean {
  assert.ok(error instanceof BusyError);
  assert.equal(error.exit, 10);
  assert.ok(error.message.includes(`by process ${Deno.pid}`), error.message);
  assert.deepEqual(error.details, { pid: Deno.pid });
  return true;
}

Deno.test("release.lock is held until the run ends, and names its holder", async () => {
  const root = `${await Deno.makeTempDir()}/not/there/yet`;
  await checkUnlocked(root);
  const holder = testContext();
  await lockRelease.run({ root }, holder);
  await assert.rejects(async () => await lockRelease.run({ root }, testContext()), isBusy);
  await assert.rejects(checkUnlocked(root), isBusy);
  await holder.scope.disposeAsync();
  await checkUnlocked(root);
  const next = testContext();
  await lockRelease.run({ root }, next);
  await next.scope.disposeAsync();
});

Deno.test("release.lock clears away what killed runs left half made, and nothing else", async () => {
  const root = await Deno.makeTempDir();
  await makeRoot(root, { versions: ["1.0.0"], current: "1.0.0", good: ["1.0.0"] });
  for (const name of [".good.new", ".switch.r0.new", ".switch.r0", "config.new"]) {
    await Deno.writeTextFile(`${root}/${name}`, "");
  }
  await Deno.mkdir(`${root}/releases/2.0.0.staging/sub`, { recursive: true });
  await Deno.chmod(`${root}/releases/2.0.0.staging`, 0o555);
  await Deno.mkdir(`${root}/releases/-my own.staging`);
  const ctx = testContext({ run: "r1" });
  await lockRelease.run({ root }, ctx);
  await ctx.scope.disposeAsync();
  const names = async (folder: string) =>
    (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
  const own = [".good", ".lock", ".previous", ".switch.r0", "config.new", "current", "releases"];
  assert.deepEqual(await names(root), own);
  assert.deepEqual(await names(`${root}/releases`), ["-my own.staging", "1.0.0"]);
});
