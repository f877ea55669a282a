import assert from "node:assert/strict";
import { ecdsaFromDer, ecdsaToDer } from "./ecdsa_signature.ts";

Deno.test("ecdsaToDer() and ecdsaFromDer() are inverse for every size of number", () => {
  for (const size of [32, 48, 66]) {
    for (const first of [0, 1, 0x7f, 0x80, 0xff]) {
      const raw = new Uint8Array(2 * size).fill(0x55);
      raw[0] = raw[size] = first;
      assert.deepEqual(ecdsaFromDer(ecdsaToDer(raw), size), raw);
    }
  }
});

Deno.test("ecdsaFromDer() accepts only two positive numbers in their shortest form", () => {
  assert.equal(ecdsaFromDer(Uint8Array.fromHex("3006020101020102"), 2).toHex(), "00010002");
  const bad: Record<string, string> = {
    "third number": "3009020101020101020101",
    "one number": "3003020101",
    "another type": "3006030101020101",
    "padded r": "300702020001020101",
    "padded s": "300702010102020001",
    "zero r": "3006020100020101",
    "zero s": "3006020101020100",
    "negative r": "3006020180020101",
    "negative s": "3006020101020180",
    "empty r": "30050200020101",
    "too large": "30080203010000020101",
  };
  for (const [what, hex] of Object.entries(bad)) {
    assert.throws(() => ecdsaFromDer(Uint8Array.fromHex(hex), 2), {
      name: "InvalidInputError",
    }, what);
  }
});
