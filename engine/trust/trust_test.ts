import assert from "node:assert/strict";
import { createPrivateKey, generateKeyPairSync, type KeyObject, scryptSync } from "node:crypto";
import { secretbox } from "@noble/ciphers/salsa";
import { readPublicKey } from "./public_key.ts";
import { readSignature } from "./read_signature.ts";
import { signDetached } from "./sign_detached.ts";
import { readSigningKey } from "./signing_key.ts";
import { verifyDetached } from "./verify_detached.ts";

const bytes = new TextEncoder().encode("metadata");
const pem = (key: KeyObject) => key.export({ type: "spki", format: "pem" }).toString();
const pkcs8 = (key: KeyObject) => key.export({ type: "pkcs8", format: "pem" }).toString();
const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const trusted = { ...readPublicKey(pem(pair.publicKey)), name: "release" };
const read = (text: string, password = "") => readSigningKey(text, () => Promise.resolve(password));

function cosignKey(n: number, password: string): string {
  const salt = new Uint8Array(32).fill(1);
  const nonce = new Uint8Array(24).fill(2);
  const cost = { N: n, r: 8, p: 1 };
  const key = scryptSync(password, salt, 32, { ...cost, maxmem: 256 * n * 8 });
  const der = new Uint8Array(pair.privateKey.export({ type: "pkcs8", format: "der" }));
  const body = JSON.stringify({
    kdf: { name: "scrypt", params: cost, salt: salt.toBase64() },
    cipher: { name: "nacl/secretbox", nonce: nonce.toBase64() },
    ciphertext: secretbox(new Uint8Array(key), nonce).seal(der).toBase64(),
  });
  const label = "ENCRYPTED COSIGN PRIVATE KEY";
  return `-----BEGIN ${label}-----\n${btoa(body)}\n-----END ${label}-----\n`;
}

for (const n of [32768, 65536, 131072]) {
  Deno.test(`readSigningKey() opens a cosign.key of scrypt cost ${n} with its password only`, async () => {
    const text = cosignKey(n, "tide");
    const key = await read(text, "tide");
    assert.equal(key.key_id, trusted.key_id);
    await assert.rejects(read(text, "ebb"), { name: "NotAuthorisedError" });
  });
}

Deno.test("readSigningKey() refuses another scrypt cost", async () => {
  await assert.rejects(read(cosignKey(16384, ""), ""), { name: "InvalidInputError" });
});

Deno.test("readSigningKey() says that P-256 is wanted", async () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
  await assert.rejects(read(pkcs8(privateKey)), {
    name: "InvalidInputError",
    message: /P-256/,
  });
});

Deno.test("readSignature() takes a signature with white space, and in every bundle", async () => {
  const signature = await signDetached(bytes, await read(pkcs8(pair.privateKey), ""));
  const hostile = { algorithm: "SHA2_256", digest: "AAAA" };
  const texts = [
    signature,
    ` \r\n${signature}\n`,
    JSON.stringify({ messageSignature: { messageDigest: hostile, signature } }),
    JSON.stringify({ message_signature: { signature } }),
    JSON.stringify({ base64Signature: signature }),
  ];
  const answer = { key_id: trusted.key_id, name: "release" };
  for (const text of texts) {
    assert.deepEqual(await verifyDetached(bytes, readSignature(text), [trusted]), answer);
  }
  for (const text of ["", "{", "[]", "{}", `"${signature}"`]) {
    assert.throws(() => readSignature(text), { name: "InvalidInputError" }, text);
  }
  assert.equal(await verifyDetached(bytes, signature.slice(1), [trusted]), undefined);
  assert.equal(await verifyDetached(new Uint8Array(), signature, [trusted]), undefined);
});

Deno.test('signDetached() gives RFC 6979\'s signature of "test" for P-256', async () => {
  const d = Uint8Array.fromHex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
  const x = Uint8Array.fromHex("60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6");
  const y = Uint8Array.fromHex("7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
  const url = (part: Uint8Array) => part.toBase64({ alphabet: "base64url", omitPadding: true });
  const jwk = { kty: "EC", crv: "P-256", d: url(d), x: url(x), y: url(y) };
  const key = await read(pkcs8(createPrivateKey({ key: jwk, format: "jwk" })));
  const expected = "3045" +
    "022100f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367" +
    "0220019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083";
  const signature = await signDetached(new TextEncoder().encode("test"), key);
  assert.equal(Uint8Array.fromBase64(signature).toHex(), expected);
});

Deno.test("readPublicKey() says why it cannot use a key", () => {
  const bad: [string, RegExp][] = [
    [pem(generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey), /1024 bits/],
    [pem(generateKeyPairSync("x25519").publicKey), /x25519/],
    [pkcs8(pair.privateKey), /private key/],
    ["ssh-ed25519 AAAA me", /OpenSSH/],
    ["", /no PEM/],
  ];
  for (const [text, message] of bad) {
    assert.throws(() => readPublicKey(text), { name: "InvalidInputError", message });
  }
});
