import assert from "node:assert/strict";
import { encodeEcdsaSignature, parseEcdsaSignature } from "./der.ts";

const parse = (hex: string) => parseEcdsaSignature(Uint8Array.fromHex(hex));

Deno.test("encodeEcdsaSignature() and parseEcdsaSignature() are inverse, up to P-521's size", () => {
  for (const size of [1, 31, 32, 48, 62, 66]) {
    for (const first of [0x01, 0x7f, 0x80, 0xff]) {
      const r = new Uint8Array(size).fill(0x55);
      r[0] = first;
      const s = new Uint8Array(size).fill(0xaa);
      assert.deepEqual(parseEcdsaSignature(encodeEcdsaSignature({ r, s })), { r, s });
    }
  }
});

Deno.test("encodeEcdsaSignature() drops the leading zeros of raw halves", () => {
  const half = Uint8Array.fromHex("0000007f");
  assert.equal(encodeEcdsaSignature({ r: half, s: half }).toHex(), "300602017f02017f");
});

Deno.test("encodeEcdsaSignature() refuses zero and oversized numbers", () => {
  const one = new Uint8Array([1]);
  assert.throws(() => encodeEcdsaSignature({ r: new Uint8Array(32), s: one }), RangeError);
  assert.throws(() => encodeEcdsaSignature({ r: one, s: new Uint8Array(67).fill(1) }), RangeError);
});

Deno.test("parseEcdsaSignature() accepts nothing but strict DER", () => {
  assert.notEqual(parse("3006020101020101"), undefined);
  const bad: Record<string, string> = {
    "empty": "",
    "only a tag": "30",
    "wrong outer tag": "3106020101020101",
    "wrong inner tag": "3006030101020101",
    "trailing byte": "300602010102010100",
    "trailing byte inside": "300702010102010100",
    "third integer": "3009020101020101020101",
    "cut short": "30060201010201",
    "long form for a short length": "308106020101020101",
    "long form inside": "300702810101020101",
    "two length bytes": "30820006020101020101",
    "indefinite length": "30800201010201010000",
    "padded r": "300702020001020101",
    "padded s": "300702010102020001",
    "zero r": "3006020100020101",
    "zero s": "3006020101020100",
    "negative r": "3006020180020101",
    "negative s": "3006020101020180",
    "empty r": "30050200020101",
    "r reaching past the end": "3006027f01020101",
  };
  for (const [what, hex] of Object.entries(bad)) assert.equal(parse(hex), undefined, what);
});
