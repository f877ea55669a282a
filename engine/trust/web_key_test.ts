// flags: --allow-read=<project>
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { readPublicKey } from "./public_key.ts";
import { signBytes } from "./sign_detached.ts";
import { readSigningKey } from "./signing_key.ts";
import { readWebKey, verifyWithWebKey } from "./web_key.ts";

const fixtures = new URL("../../tests/fixtures/trust/", import.meta.url);
const text = (name: string) => Deno.readTextFile(new URL(name, fixtures));
const noPassword = () => Promise.reject(new Error("no password is needed"));

function pair(kind: "ed25519" | "p256") {
  const options = { namedCurve: "P-256" };
  const { publicKey, privateKey } = kind === "ed25519"
    ? generateKeyPairSync("ed25519")
    : generateKeyPairSync("ec", options);
  return {
    pub: publicKey.export({ type: "spki", format: "pem" }).toString(),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

for (const kind of ["ed25519", "p256"] as const) {
  Deno.test(`verifyWithWebKey() takes what an ${kind} key signed, and nothing that was changed`, async () => {
    const { pub, key } = pair(kind);
    const own = await readSigningKey(key, noPassword);
    const web = await readWebKey(pub);
    assert.equal(web.key_id, own.key_id);
    assert.equal(web.key_id, readPublicKey(pub).key_id);
    const other = await readWebKey(pair(kind).pub);
    for (let size = 0; size < 40; size++) { // Enough for numbers of every length to occur.
      const bytes = new Uint8Array(size).fill(size);
      const signature = await signBytes(bytes, own);
      assert.deepEqual(await signBytes(bytes, own), signature, "the same each time");
      assert.ok(await verifyWithWebKey(web, bytes, signature));
      assert.ok(!await verifyWithWebKey(other, bytes, signature));
      assert.ok(!await verifyWithWebKey(web, new Uint8Array([...bytes, 0]), signature));
      const changed = signature.slice();
      changed[changed.length - 1]! ^= 1;
      assert.ok(!await verifyWithWebKey(web, bytes, changed));
      assert.ok(!await verifyWithWebKey(web, bytes, signature.slice(1)));
      assert.ok(!await verifyWithWebKey(web, bytes, new Uint8Array([...signature, 0])));
    }
  });
}

Deno.test("verifyWithWebKey() takes the signatures of openssl and cosign", async () => {
  const blob = await Deno.readFile(new URL("blob", fixtures));
  for (const name of ["p256", "ed25519", "cosign"]) {
    const key = await readWebKey(await text(`${name}.pub`));
    const signature = Uint8Array.fromBase64((await text(`${name}.sig`)).trim());
    assert.ok(await verifyWithWebKey(key, blob, signature), name);
    assert.ok(!await verifyWithWebKey(key, blob.slice(1), signature), name);
  }
});

Deno.test("readWebKey() refuses other kinds, other spellings and damaged keys", async () => {
  const { pub, key } = pair("p256");
  const der = Uint8Array.fromBase64(pub.split("\n").slice(1, -2).join(""));
  const wrap = (bytes: Uint8Array, label = "PUBLIC KEY") =>
    `-----BEGIN ${label}-----\n${bytes.toBase64()}\n-----END ${label}-----\n`;
  const offCurve = der.slice();
  offCurve[offCurve.length - 1]! ^= 1;
  const bad: [string, RegExp][] = [
    [key, /it is a private key/],
    [await text("p384.pub"), /no public key of Ed25519 or ECDSA with P-256/],
    [await text("rsa2048.pub"), /no public key of Ed25519/],
    [wrap(der, "CERTIFICATE"), /no public key/],
    [wrap(der.slice(0, -1)), /no public key/],
    [wrap(new Uint8Array([...der, 0])), /no public key/],
    [wrap(offCurve), /damaged/],
    ["hello", /no PEM block/],
    [pub + pub, /more than one/],
  ];
  for (const [pem, message] of bad) {
    await assert.rejects(readWebKey(pem), { name: "InvalidInputError", message }, pem);
  }
});
