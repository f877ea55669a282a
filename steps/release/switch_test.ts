// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=/usr/bin/ln
import assert from "node:assert/strict";
import { makeRoot } from "../../tests/conformance/release_root.ts";
import { installedVersion } from "./layout.ts";
import { switchRelease } from "./switch.ts";
import { testContext } from "./test_bed.ts";

interface State {
  readonly versions: readonly string[];
  readonly current?: string;
  readonly good?: readonly string[];
}

async function world(state: State) {
  const root = await Deno.makeTempDir();
  await makeRoot(root, state);
  const { run: permissions } = switchRelease.permissions({ root });
  return {
    root,
    run: (release: string, run = "r1") =>
      switchRelease.run({ root, release }, testContext({ permissions, run })),
    undo: async (release: string, run = "r1") => {
      if (switchRelease.effect !== "reversible") assert.fail();
      await switchRelease.undo({ root, release }, undefined, testContext({ permissions, run }));
      return await installedVersion(root);
    },
  };
}

async function files(root: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(root))).map(({ name }) => name).sort();
}

Deno.test("release.switch undo goes back to the last good release, not to the one before", async () => {
  const { root, run, undo } = await world({
    versions: ["1.0.0", "2.0.0", "3.0.0"],
    current: "2.0.0",
    good: ["1.0.0"],
  });
  await run("3.0.0");
  assert.equal(await undo("3.0.0"), "1.0.0");
  assert.deepEqual(await files(root), [".good", ".previous", "current", "releases"]);
  assert.equal(await undo("3.0.0"), "1.0.0");
});

Deno.test("release.switch undo does not go back to a release that a killed run left unproven", async () => {
  const { root, run, undo } = await world({ versions: ["1.0.0"] });
  await run("1.0.0", "killed");
  await run("1.0.0", "again");
  assert.equal(await undo("1.0.0", "again"), undefined);
  assert.deepEqual(await files(root), [".switch.killed", "releases"]);
});

Deno.test("release.switch undo stays at a good release that was installed again", async () => {
  const state = { versions: ["1.0.0"], current: "1.0.0", good: ["1.0.0"] };
  const { run, undo } = await world(state);
  await run("1.0.0");
  assert.equal(await undo("1.0.0"), "1.0.0");
});

Deno.test("release.switch undo remembers the first origin over attempts", async () => {
  const { run, undo } = await world({ versions: ["1.0.0", "2.0.0"], current: "1.0.0" });
  await run("2.0.0");
  await run("2.0.0");
  assert.equal(await undo("2.0.0"), "1.0.0");
});

Deno.test("release.switch refuses a release that is not there", async () => {
  const { run } = await world({ versions: ["1.0.0"], current: "1.0.0" });
  await assert.rejects(async () => await run("2.0.0"), /there is no release 2\.0\.0/);
});
