// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=/usr/bin/ln
import assert from "node:assert/strict";
import { SluiceError } from "../../engine/errors.ts";
import { hostileBundles } from "./hostile_bundles.ts";
import { signedLink } from "./hostile_case.ts";
import { goodBundle, metadataOf, writeRawBundle } from "./raw_bundle.ts";
import { stageRelease } from "./stage.ts";
import { makeKey, readTree, testContext } from "./test_bed.ts";

const folder = await Deno.makeTempDir();
const { key } = await makeKey(`${folder}/trust`, "release");

for (const [index, [what, { exit, why, spoil }]] of Object.entries(hostileBundles).entries()) {
  Deno.test(`release.stage refuses ${what}`, async () => {
    const own = `${folder}/${index}`;
    const root = `${own}/inner/root`;
    await Deno.mkdir(root, { recursive: true });
    await Deno.writeTextFile(`${own}/outside`, "untouched");
    const bundle = goodBundle();
    spoil(bundle);
    await writeRawBundle(`${own}/bundle`, bundle, key);
    const before = readTreeNames(own);
    await assert.rejects(stage(root, `${own}/bundle`), (error: Error) => {
      assert.ok(error instanceof SluiceError, `${error.name}: ${error.stack}`);
      assert.equal(error.exit, exit, error.message);
      assert.match(error.message, why);
      assert.doesNotMatch(error.message + (error.hint ?? ""), /[\p{Cc}]/u);
      assert.ok(error.message.length < 1000, "the message is endless");
      return true;
    });
    const after = readTreeNames(own).filter((path) => path !== "inner/root/releases");
    assert.deepEqual(after, before);
    assert.equal(await Deno.readTextFile(`${own}/outside`), "untouched");
  });
}

Deno.test("release.stage accepts the bundle that all these are made from", async () => {
  const root = `${folder}/good`;
  await writeRawBundle(`${folder}/bundle`, goodBundle(), key);
  const facts = await stage(root, `${folder}/bundle`);
  const tree = readTree(facts.path);
  assert.equal(tree["a"], "444 alpha");
  assert.equal(tree["l"], "-> a");
  assert.equal(
    tree[".sluice/metadata.json"],
    `444 ${new TextDecoder().decode(metadataOf(goodBundle()))}`,
  );
});

Deno.test("release.stage accepts what other tar programs add: folders, times, users, a record's zeros", async () => {
  const bundle = goodBundle();
  bundle.entries = [
    { name: "files/", type: "5", pax: { mtime: "1700000000.123", uname: "root" } },
    ...bundle.entries,
    { name: "files/d", type: "5" },
  ];
  bundle.end = new Uint8Array(10_240);
  await writeRawBundle(`${folder}/other`, bundle, key);
  await stage(`${folder}/other-root`, `${folder}/other`);
});

Deno.test("release.stage accepts a link to a place under /usr that was signed", async () => {
  const bundle = goodBundle();
  signedLink("files/bin/python3", "/usr/bin/python3.11")(bundle);
  await writeRawBundle(`${folder}/usr`, bundle, key);
  const { path } = await stage(`${folder}/usr-root`, `${folder}/usr`);
  assert.equal(await Deno.readLink(`${path}/bin/python3`), "/usr/bin/python3.11");
});

function stage(root: string, bundle: string) {
  const params = { root, bundle, trust: `${folder}/trust` };
  const grants = stageRelease.permissions(params).run;
  return stageRelease.run({ ...params, metadata_sha256: "" }, testContext({ permissions: grants }));
}

function readTreeNames(folder: string): string[] {
  const names: string[] = [];
  const walk = (inside: string) => {
    for (const { name, isDirectory } of Deno.readDirSync(`${folder}/${inside}`)) {
      const path = inside === "" ? name : `${inside}/${name}`;
      names.push(path);
      if (isDirectory) walk(path);
    }
  };
  walk("");
  return names.sort();
}
