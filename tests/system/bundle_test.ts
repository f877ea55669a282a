// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=/usr/bin/ln,/usr/bin/tar,/usr/bin/openssl,/usr/bin/truncate
/**
 * Bundles and the programs that others would use on them; a file beyond 4 GiB. TMPDIR needs 5 GB of
 * free space, and the large bundle takes about a minute.
 *
 * @module
 */
import assert from "node:assert/strict";
import { packForTest } from "../../steps/release/pack_for_test.ts";
import { removeTree } from "../../engine/remove_tree.ts";
import { stageRelease } from "../../steps/release/stage.ts";
import { makeKey, readTree, testContext, writeTree } from "../../steps/release/test_bed.ts";
import { verifyRelease } from "../../steps/release/verify_release.ts";

async function run(program: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

async function pack(folder: string) {
  const { pem } = await makeKey(`${folder}/trust`, "release");
  return await packForTest({
    source: `${folder}/source`,
    version: "1.0.0",
    pem,
    output: `${folder}/out`,
  });
}

Deno.test("a bundle is what tar unpacks and openssl verifies [needs openssl]", async () => {
  const folder = await Deno.makeTempDir();
  const long = `${"long/".repeat(60)}name`;
  await writeTree(`${folder}/source`, {
    "LICENSE": "MIT\n",
    "files/bin/start": { run: "#!/bin/sh\n" },
    "files/größe": "ä",
    "files/l": { link: "bin/start" },
    [`files/${long}`]: "far",
    "files/empty": null,
  });
  const { bundle } = await pack(folder);
  const out = `${folder}/unpacked`;
  await Deno.mkdir(out);
  await run("/usr/bin/tar", "--zstd", "-xf", bundle, "-C", out);
  const tree = readTree(out);
  assert.equal(tree["files/bin/start"], "755 #!/bin/sh\n");
  assert.equal(tree["files/größe"], "644 ä");
  assert.equal(tree["files/l"], "-> bin/start");
  assert.equal(tree[`files/${long}`], "644 far");
  assert.equal(tree["files/empty"], "folder 755");
  const signature = await Deno.readTextFile(`${out}/metadata.json.sig`);
  await Deno.writeFile(`${out}/sig.der`, Uint8Array.fromBase64(signature));
  const said = await run(
    "/usr/bin/openssl",
    "dgst",
    "-sha256",
    "-verify",
    `${folder}/trust/release.pub`,
    "-signature",
    `${out}/sig.der`,
    `${out}/metadata.json`,
  );
  assert.match(said, /Verified OK/);
});

Deno.test("a file beyond 4 GiB is packed, staged and verified", async () => {
  const folder = await Deno.makeTempDir();
  await writeTree(`${folder}/source`, { "LICENSE": "MIT\n", "files/small": "x" });
  const size = 2 ** 32 + 12_345;
  await run("/usr/bin/truncate", "-s", String(size), `${folder}/source/files/huge`);
  const packed = await pack(folder);
  const params = { root: `${folder}/root`, bundle: packed.bundle, trust: `${folder}/trust` };
  const grants = stageRelease.permissions(params);
  const context = testContext({ permissions: grants.run });
  const staged = await stageRelease.run({ ...params, metadata_sha256: "" }, context);
  try {
    assert.equal((await Deno.stat(`${staged.path}/huge`)).size, size);
    assert.equal(staged.bytes, size + 5);
    assert.equal(staged.bundle_sha256, packed.sha256);
    await verifyRelease(staged.path, new AbortController().signal);
  } finally {
    await removeTree(`${folder}/root`);
  }
});
