// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=/usr/bin/ln
import assert from "node:assert/strict";
import { makeRoot } from "../../tests/conformance/release_root.ts";
import { retainReleases } from "./retain.ts";
import { testContext } from "./test_bed.ts";

const versions = ["1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.4.0"];

async function left(root: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(`${root}/releases`))).map(({ name }) => name).sort();
}

Deno.test("release.retain never removes the current release nor the last good one", async () => {
  const root = await Deno.makeTempDir();
  await makeRoot(root, { versions, current: "1.1.0", good: ["1.1.0", "1.2.0", "1.0.0"] });
  const { kept } = await retainReleases.run({ root, keep: 1 }, testContext());
  assert.deepEqual(kept, ["1.0.0", "1.1.0"]);
  assert.deepEqual(await left(root), kept);
});

Deno.test("release.retain lets go first what never passed its gate, then what passed it longest ago", async () => {
  const root = await Deno.makeTempDir();
  await makeRoot(root, { versions, current: "1.4.0", good: ["1.2.0", "1.0.0", "1.4.0"] });
  const sizes = [];
  for (const keep of [4, 3, 2]) {
    sizes.push((await retainReleases.run({ root, keep }, testContext())).kept);
  }
  assert.deepEqual(sizes, [
    ["1.0.0", "1.2.0", "1.3.0", "1.4.0"],
    ["1.0.0", "1.2.0", "1.4.0"],
    ["1.0.0", "1.4.0"],
  ]);
});

Deno.test("release.retain leaves alone, and does not count, what was not made of a bundle", async () => {
  const root = await Deno.makeTempDir();
  await makeRoot(root, { versions: ["1.0.0", "1.1.0"], current: "1.1.0", good: ["1.1.0"] });
  await Deno.mkdir(`${root}/releases/lost+found`);
  await Deno.mkdir(`${root}/releases/backup`);
  await Deno.writeTextFile(`${root}/releases/backup/precious`, "");
  await Deno.writeTextFile(`${root}/releases/0.9.0`, "a file");
  const { kept } = await retainReleases.run({ root, keep: 2 }, testContext());
  assert.deepEqual(kept, ["1.0.0", "1.1.0"]);
  await retainReleases.run({ root, keep: 1 }, testContext());
  assert.deepEqual(await left(root), ["0.9.0", "1.1.0", "backup", "lost+found"]);
});
