// flags: --allow-read=<project>,<tmp> --allow-write=<tmp>
//        --allow-run=/usr/bin/ln,/usr/bin/openssl,/usr/bin/tar,/usr/bin/zstd
/**
 * Bundles, keys and signatures, as the programs that others use understand them.
 *
 * @module
 */
import assert from "node:assert/strict";
import { preAuthenticationEncoding } from "../../engine/trust/dsse.ts";
import { loadTrust } from "../../engine/trust/load_trust.ts";
import { pipelineStatementType } from "../../engine/trust/pipeline_statement.ts";
import { signBytes } from "../../engine/trust/sign_detached.ts";
import { readSigningKey } from "../../engine/trust/signing_key.ts";
import { readWebKey, verifyWithWebKey } from "../../engine/trust/web_key.ts";
import { openBundle } from "../../steps/release/open_bundle.ts";
import { packForTest } from "../../steps/release/pack_for_test.ts";
import { goodBundle, metadataOf, writeRawBundle } from "../../steps/release/raw_bundle.ts";
import { writeTree } from "../../steps/release/test_bed.ts";
import { mustRun, runProgram } from "./run_program.ts";

const openssl = "/usr/bin/openssl";
const signal = new AbortController().signal;

/** A key that openssl made, in PKCS#8, and a trust folder with its public half. */
async function makeOpensslKey(folder: string): Promise<{ key: string; trust: string }> {
  const key = `${folder}/release.key`;
  const trust = `${folder}/trust`;
  await Deno.mkdir(trust);
  const curve = ["-pkeyopt", "ec_paramgen_curve:P-256"];
  await mustRun(openssl, ["genpkey", "-algorithm", "EC", ...curve, "-out", key]);
  await mustRun(openssl, ["pkey", "-in", key, "-pubout", "-out", `${trust}/release.pub`]);
  return { key, trust };
}

async function packWith(folder: string, key: string): Promise<string> {
  const source = await writeTree(`${folder}/source`, {
    "LICENSE": "MIT\n",
    "post_install.sh": { run: "#!/bin/sh\n" },
    "files/bin/start": { run: "#!/bin/sh\n" },
    "files/lib/libx.so": { link: "libx.so.1" },
    "files/lib/libx.so.1": "elf",
    "files/a": "alpha",
  });
  const pem = await Deno.readTextFile(key);
  return (await packForTest({ source, version: "1.4.0", pem, output: `${folder}/out` })).bundle;
}

Deno.test("a key made by openssl signs, and openssl verifies the signature", async () => {
  const folder = await Deno.makeTempDir();
  const { key, trust } = await makeOpensslKey(folder);
  const bundle = await packWith(folder, key);
  await mustRun("/usr/bin/tar", ["--zstd", "-xf", bundle, "-C", folder]);
  const signature = await Deno.readTextFile(`${folder}/metadata.json.sig`);
  await Deno.writeFile(`${folder}/sig`, Uint8Array.fromBase64(signature));
  const verify = ["dgst", "-sha256", "-verify", `${trust}/release.pub`, "-signature"];
  const metadata = `${folder}/metadata.json`;
  assert.match(await mustRun(openssl, [...verify, `${folder}/sig`, metadata]), /Verified OK/);
  await Deno.writeTextFile(metadata, " ", { append: true });
  const { code } = await runProgram(openssl, [...verify, `${folder}/sig`, metadata]);
  assert.notEqual(code, 0);
});

Deno.test("openBundle() takes a signature made by openssl", async () => {
  const folder = await Deno.makeTempDir();
  const { key, trust } = await makeOpensslKey(folder);
  const bundle = goodBundle();
  const metadata = `${folder}/metadata.json`;
  await Deno.writeFile(metadata, metadataOf(bundle));
  await mustRun(openssl, ["dgst", "-sha256", "-sign", key, "-out", `${folder}/sig`, metadata]);
  const text = (await Deno.readFile(`${folder}/sig`)).toBase64();
  const own = await readSigningKey(await Deno.readTextFile(key), () => Promise.resolve(""));
  const file = `${folder}/bundle.tar.zst`;
  await writeRawBundle(file, { ...bundle, signature: () => text }, own);
  await using opened = await openBundle(file, await loadTrust(trust), signal);
  assert.equal(opened.metadata.version, "1.0.0");
});

for (const algorithm of ["ed25519", "p256"] as const) {
  Deno.test(`openssl and we agree on an ${algorithm} signature over the bytes of an envelope`, async () => {
    const folder = await Deno.makeTempDir();
    const [key, pub] = [`${folder}/own.key`, `${folder}/own.pub`];
    const kind = algorithm === "p256" ? ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"] : ["ed25519"];
    await mustRun(openssl, ["genpkey", "-algorithm", ...kind, "-out", key]);
    await mustRun(openssl, ["pkey", "-in", key, "-pubout", "-out", pub]);
    const payload = new TextEncoder().encode('{"schemaVersion":1}');
    const covered = preAuthenticationEncoding(pipelineStatementType, payload);
    // As somebody without Sluice would write them: printf 'DSSEv1 %d %s %d %s'.
    const type = pipelineStatementType;
    const spelled = `DSSEv1 ${type.length} ${type} ${payload.length} {"schemaVersion":1}`;
    assert.equal(new TextDecoder().decode(covered), spelled);
    await Deno.writeFile(`${folder}/pae`, covered);
    const own = await readSigningKey(await Deno.readTextFile(key), () => Promise.resolve(""));
    const web = await readWebKey(await Deno.readTextFile(pub));
    assert.equal(own.key_id, web.key_id);

    await Deno.writeFile(`${folder}/ours.sig`, await signBytes(covered, own));
    const [sign, verify] = algorithm === "p256"
      ? [["dgst", "-sha256", "-sign", key, "-out"], [
        "dgst",
        "-sha256",
        "-verify",
        pub,
        "-signature",
      ]]
      : [
        ["pkeyutl", "-sign", "-inkey", key, "-rawin", "-in", `${folder}/pae`, "-out"],
        [
          "pkeyutl",
          "-verify",
          "-pubin",
          "-inkey",
          pub,
          "-rawin",
          "-in",
          `${folder}/pae`,
          "-sigfile",
        ],
      ];
    const message = algorithm === "p256" ? [`${folder}/pae`] : [];
    await mustRun(openssl, [...verify, `${folder}/ours.sig`, ...message]);
    await mustRun(openssl, [...sign, `${folder}/theirs.sig`, ...message]);
    const theirs = await Deno.readFile(`${folder}/theirs.sig`);
    assert.ok(await verifyWithWebKey(web, covered, theirs));
    assert.ok(!await verifyWithWebKey(web, payload, theirs), "the payload alone is not covered");

    // The id of a key is the SHA-256 of its public half, as openssl writes it.
    await mustRun(openssl, [
      "pkey",
      "-pubin",
      "-in",
      pub,
      "-outform",
      "DER",
      "-out",
      `${folder}/der`,
    ]);
    const listed = await mustRun(openssl, ["dgst", "-sha256", "-r", `${folder}/der`]);
    assert.equal(listed.split(" ")[0], web.key_id);

    await Deno.writeFile(`${folder}/pae`, new Uint8Array([...covered, 0]));
    const changed = await runProgram(openssl, [...verify, `${folder}/ours.sig`, ...message]);
    assert.notEqual(changed.code, 0);
  });
}

Deno.test("tar lists a bundle in its promised order, and zstd finds it whole", async () => {
  const folder = await Deno.makeTempDir();
  const { key } = await makeOpensslKey(folder);
  const bundle = await packWith(folder, key);
  await mustRun("/usr/bin/zstd", ["--quiet", "--test", bundle]);
  const listed = (await mustRun("/usr/bin/tar", ["--zstd", "-tf", bundle])).trimEnd().split("\n");
  assert.deepEqual(listed.filter((name) => !name.endsWith("/")), [
    "metadata.json",
    "metadata.json.sig",
    "files/a",
    "files/bin/start",
    "files/lib/libx.so.1",
    "files/lib/libx.so",
    "post_install.sh",
    "LICENSE",
  ]);
});
