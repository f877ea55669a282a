import assert from "node:assert/strict";
import { InvalidInputError, NotAuthorisedError } from "../errors.ts";
import { readPublicKey } from "./public_key.ts";
import { signDetached } from "./sign_detached.ts";
import { readSigningKey } from "./signing_key.ts";
import { verifyDetached } from "./verify_detached.ts";

const fixtures = new URL("../../tests/fixtures/trust/", import.meta.url);
const text = (name: string) => Deno.readTextFile(new URL(name, fixtures));
const noPassword = () => Promise.reject(new Error("no password is needed"));

Deno.test("signDetached() gives the signatures of RFC 6979, A.2.5", async () => {
  const scalar = Uint8Array.fromHex(
    "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
  );
  const { public_key, key_id } = await readSigningKey(await text("p256.key"), noPassword);
  const signature = await signDetached(new TextEncoder().encode("sample"), {
    kind: "ecdsa-p256",
    key_id,
    public_key,
    scalar,
  });
  const r = "00efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716";
  const s = "00f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";
  assert.equal(Uint8Array.fromBase64(signature).toHex(), `30460221${r}0221${s}`);
});

for (
  const [file, publicFile, password] of [
    ["p256.key", "p256.pub", undefined],
    ["cosign.key", "cosign.pub", "correct horse"],
    ["cosign_empty_password.key", "cosign_empty_password.pub", ""],
  ] as const
) {
  Deno.test(`signDetached() signs with ${file} what its public half verifies`, async () => {
    const ask = password === undefined ? noPassword : () => Promise.resolve(password);
    const key = await readSigningKey(await text(file), ask);
    const trusted = { ...await readPublicKey(await text(publicFile)), name: "k" };
    assert.equal(key.key_id, trusted.key_id);
    for (let i = 0; i < 50; i++) { // Enough for numbers of every length to occur.
      const bytes = new Uint8Array(i).fill(i);
      const signature = await signDetached(bytes, key);
      assert.equal(await signDetached(bytes, key), signature);
      assert.equal((await verifyDetached(bytes, signature, [trusted]))?.name, "k");
    }
  });
}

Deno.test("readSigningKey() tells a wrong password from a damaged key", async () => {
  const key = await text("cosign.key");
  await assert.rejects(readSigningKey(key, () => Promise.resolve("wrong")), (error: Error) => {
    assert.ok(error instanceof NotAuthorisedError);
    assert.doesNotMatch(error.message + error.hint, /wrong horse|correct horse/);
    return true;
  });
  const damaged = {
    "no JSON": "hello",
    "another cost": (await body(key)).replace('"N":65536', '"N":1048576'),
    "another cipher": (await body(key)).replace("nacl/secretbox", "aes"),
    "a short salt": (await body(key)).replace(/"salt":"..../, '"salt":"'),
  };
  for (const [what, json] of Object.entries(damaged)) {
    const pem = wrap("ENCRYPTED SIGSTORE PRIVATE KEY", new TextEncoder().encode(json));
    await assert.rejects(
      readSigningKey(pem, () => Promise.resolve("correct horse")),
      InvalidInputError,
      what,
    );
  }
});

Deno.test("readSigningKey() says how to convert other keys, and repeats nothing of them", async () => {
  const others: Record<string, RegExp> = {
    [await text("p384.key")]: /P-256/,
    [await text("sec1.key")]: /EC PRIVATE KEY/,
    [await text("p256.pub")]: /PUBLIC KEY/,
    "SECRET": /no PEM block/,
    [wrap("PRIVATE KEY", new Uint8Array([0x30, 0x80, 0, 0]))]: /DER/,
    [wrap("PRIVATE KEY", new Uint8Array())]: /DER/,
  };
  for (const [pem, why] of Object.entries(others)) {
    await assert.rejects(readSigningKey(pem, noPassword), (error: Error) => {
      assert.ok(error instanceof InvalidInputError);
      assert.match(error.message, why);
      for (const line of pem.split("\n").filter((line) => line.length > 0 && line[0] !== "-")) {
        assert.ok(!`${error.message}${error.cause}`.includes(line), line);
      }
      return true;
    });
  }
});

async function body(pem: string): Promise<string> {
  const lines = pem.split("\n").filter((line) => !line.startsWith("-----"));
  return await Promise.resolve(new TextDecoder().decode(Uint8Array.fromBase64(lines.join(""))));
}

function wrap(label: string, bytes: Uint8Array): string {
  return `-----BEGIN ${label}-----\n${bytes.toBase64()}\n-----END ${label}-----\n`;
}
