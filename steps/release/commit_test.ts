// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=/usr/bin/ln
import assert from "node:assert/strict";
import { makeRoot } from "../../tests/conformance/release_root.ts";
import { badReleases, markBad } from "./bad_release.ts";
import { commitRelease } from "./commit.ts";
import { floorVersion, goodVersions, lastGoodVersion } from "./layout.ts";
import { testContext } from "./test_bed.ts";

async function world(good: readonly string[] = ["1.0.0"]) {
  const root = await Deno.makeTempDir();
  await makeRoot(root, { versions: ["1.0.0", "2.0.0"], current: "2.0.0", good });
  return root;
}

const input = { release: "2.0.0", metadata_sha256: "ab", floor: "" };

Deno.test("release.commit raises the floor and never lowers it", async () => {
  const root = await world();
  const floors: (string | undefined)[] = [];
  for (const floor of ["", "1.5.0", "1.0.0", "1.10.0"]) {
    await commitRelease.run({ root, ...input, floor }, testContext());
    floors.push(await floorVersion(root));
  }
  assert.deepEqual(floors, [undefined, "1.5.0", "1.5.0", "1.10.0"]);
});

Deno.test("release.commit names each good release once, the newest last, and clears its bad mark", async () => {
  const root = await world(["2.0.0", "1.0.0"]);
  const mark = { version: "2.0.0", reason: "sick", time: "2025-01-01T00:00:00Z" };
  await markBad(root, { ...mark, metadata_sha256: "ab" });
  await markBad(root, { ...mark, metadata_sha256: "cd" });
  await commitRelease.run({ root, ...input }, testContext());
  assert.deepEqual(await goodVersions(root), ["1.0.0", "2.0.0"]);
  assert.equal(await lastGoodVersion(root), "2.0.0");
  assert.deepEqual((await badReleases(root)).map((each) => each.metadata_sha256), ["cd"]);
});

Deno.test("release.commit forgets what killed runs noted down for their undo, and keeps its own", async () => {
  const root = await world();
  for (const name of [".switch.r1", ".switch.r0", ".commit.r0", ".recover.r0", "notes.r0"]) {
    await Deno.writeTextFile(`${root}/${name}`, "");
  }
  await commitRelease.run({ root, ...input }, testContext({ run: "r1" }));
  const names = (await Array.fromAsync(Deno.readDir(root))).map(({ name }) => name);
  assert.deepEqual(names.filter((name) => /\.r\d$/.test(name)).sort(), [
    ".commit.r1",
    ".switch.r1",
    "notes.r0",
  ]);
});

Deno.test("release.commit refuses a release that is not current, and changes nothing", async () => {
  const root = await world();
  const run = async () =>
    await commitRelease.run({ root, ...input, release: "1.0.0" }, testContext());
  await assert.rejects(run, /current is 2\.0\.0, not 1\.0\.0/);
  assert.deepEqual(await goodVersions(root), ["1.0.0"]);
});

Deno.test("release.commit undo brings back what was good before, floor and all", async () => {
  if (commitRelease.effect !== "reversible") assert.fail();
  for (const good of [["1.0.0"], []]) {
    const root = await world(good);
    const all = { root, ...input, floor: "1.5.0" };
    await commitRelease.run(all, testContext());
    await commitRelease.undo(all, undefined, testContext());
    await commitRelease.undo(all, undefined, testContext());
    assert.deepEqual(await goodVersions(root), good);
    assert.equal(await lastGoodVersion(root), good.at(-1));
    assert.equal(await floorVersion(root), undefined);
  }
});
