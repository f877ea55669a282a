import assert from "node:assert/strict";
import { NotAuthorisedError } from "../errors.ts";
import { loadTrust } from "./load_trust.ts";
import { readPublicKey } from "./public_key.ts";
import { readSignature } from "./read_signature.ts";
import type { TrustedKey } from "./trusted_key.ts";
import { verifyDetached } from "./verify_detached.ts";

const fixtures = new URL("../../tests/fixtures/trust/", import.meta.url);
const blob = await Deno.readFile(new URL("blob", fixtures));
const text = (name: string) => Deno.readTextFile(new URL(name, fixtures));

async function trusted(name: string): Promise<TrustedKey> {
  return { ...await readPublicKey(await text(`${name}.pub`)), name };
}

const kinds = {
  p256: "ecdsa-p256",
  p384: "ecdsa-p384",
  p521: "ecdsa-p521",
  rsa2048: "rsa-pkcs1",
  ed25519: "ed25519",
  cosign: "ecdsa-p256",
};

for (const [name, kind] of Object.entries(kinds)) {
  Deno.test(`verifyDetached() accepts what others sign with ${name}, and nothing near it`, async () => {
    const key = await trusted(name);
    assert.equal(key.kind, kind);
    const signature = readSignature(await text(`${name}.sig`));
    assert.deepEqual(await verifyDetached(blob, signature, [key]), { key_id: key.key_id, name });

    const longer = new Uint8Array([...blob, 0]);
    assert.equal(await verifyDetached(longer, signature, [key]), undefined);
    assert.equal(await verifyDetached(blob.slice(1), signature, [key]), undefined);
    const bytes = Uint8Array.fromBase64(signature);
    for (const at of [0, 5, bytes.length >> 1, bytes.length - 1]) {
      const damaged = bytes.slice();
      damaged[at]! ^= 1;
      assert.equal(await verifyDetached(blob, damaged.toBase64(), [key]), undefined, `byte ${at}`);
    }
    for (const other of [bytes.slice(0, -1), new Uint8Array([...bytes, 0]), new Uint8Array()]) {
      assert.equal(await verifyDetached(blob, other.toBase64(), [key]), undefined);
    }
    assert.equal(await verifyDetached(blob, "no base64!", [key]), undefined);
  });
}

Deno.test("verifyDetached() finds the key that signed among many, and none among others", async () => {
  const keys = await Promise.all(Object.keys(kinds).map(trusted));
  const signature = readSignature(await text("cosign.sig"));
  assert.equal((await verifyDetached(blob, signature, keys))?.name, "cosign");
  const others = keys.filter(({ name }) => name !== "cosign");
  assert.equal(await verifyDetached(blob, signature, others), undefined);
  assert.equal(await verifyDetached(blob, signature, []), undefined);
});

Deno.test("verifyDetached() refuses a second encoding of a good ECDSA signature", async () => {
  const key = await trusted("p256");
  const good = Uint8Array.fromBase64(readSignature(await text("p256.sig")));
  const padded = new Uint8Array([
    0x30,
    good[1]! + 1,
    0x02,
    good[3]! + 1,
    0,
    ...good.slice(4),
  ]);
  const longLength = new Uint8Array([0x30, 0x81, good[1]!, ...good.slice(2)]);
  for (const other of [padded, longLength]) {
    assert.equal(await verifyDetached(blob, other.toBase64(), [key]), undefined);
  }
});

Deno.test("readSignature() reads what cosign writes in each of its forms", async () => {
  const key = await trusted("cosign");
  for (const file of ["cosign.sig", "cosign_legacy.bundle", "cosign_v03.bundle"]) {
    const signature = readSignature(await text(file));
    assert.equal((await verifyDetached(blob, signature, [key]))?.name, "cosign", file);
  }
  const snake = '{"message_signature": {"signature": "AAAA"}}';
  assert.equal(readSignature(snake), "AAAA");
});

Deno.test("readSignature() says what is wrong with anything else", () => {
  for (const bad of ["", "{}", "{", "AAA", "AA A", "=", '{"base64Signature": 1}', "\u0000"]) {
    assert.throws(() => readSignature(bad), { name: "InvalidInputError" }, JSON.stringify(bad));
  }
});

Deno.test("loadTrust() reads every key with its name", async () => {
  const folder = await folderOf({
    "b.pub": await text("p384.pub"),
    "a.pub": `a comment\n${await text("cosign.pub")}`,
    "README": "not looked at",
  });
  const keys = await loadTrust(folder);
  assert.deepEqual(keys.map(({ name, kind }) => [name, kind]), [
    ["a", "ecdsa-p256"],
    ["b", "ecdsa-p384"],
  ]);
});

Deno.test("loadTrust() names the file that is no public key, and why", async () => {
  const bad: Record<string, [string, RegExp]> = {
    "empty.pub": ["", /no PEM block/],
    "text.pub": ["hello", /no PEM block/],
    "two.pub": [await text("p256.pub") + await text("p384.pub"), /more than one/],
    "torn.pub": [(await text("p256.pub")).slice(0, 100), /has no end/],
    "base64.pub": [(await text("p256.pub")).replace("M", "!"), /not base64/],
    "der.pub": [(await text("p256.pub")).replace("MF", "MG"), /DER/],
    "point.pub": [(await text("p256.pub")).replace(/.{6}\n---/, "AAAA==\n---"), /key|DER|base64/],
    "small.pub": [await text("rsa1024.pub"), /1024 bits/],
    "private.pub": [await text("p256.key"), /private key/],
    "cosign.pub": [await text("cosign.key"), /private key/],
    "big.pub": ["x".repeat(70_000), /too large/],
    "certificate.pub": [
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
      /a CERTIFICATE/,
    ],
  };
  for (const [file, [content, why]] of Object.entries(bad)) {
    const folder = await folderOf({ "good.pub": await text("p256.pub"), [file]: content });
    await assert.rejects(() => loadTrust(folder), (error: Error) => {
      assert.ok(error instanceof NotAuthorisedError, file);
      assert.match(error.message, why);
      assert.ok(error.message.includes(`${folder}/${file}`), error.message);
      return true;
    });
  }
});

Deno.test("loadTrust() refuses a missing, an empty and a wrong folder", async () => {
  const folder = await folderOf({ "file": "" });
  for (const path of [folder, `${folder}/missing`, `${folder}/file`]) {
    await assert.rejects(() => loadTrust(path), { name: "NotAuthorisedError" });
  }
  await Deno.mkdir(`${folder}/folder.pub`);
  await assert.rejects(() => loadTrust(folder), /not a file/);
});

async function folderOf(files: Record<string, string>): Promise<string> {
  const folder = await Deno.makeTempDir();
  for (const [name, content] of Object.entries(files)) {
    await Deno.writeTextFile(`${folder}/${name}`, content);
  }
  return folder;
}
