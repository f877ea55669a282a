import assert from "node:assert/strict";
import { derTag, encodeDer, readDer, readDerSequence } from "./der.ts";

Deno.test("encodeDer() and readDer() are inverse around every change of the length's form", () => {
  for (const size of [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff]) {
    const content = new Uint8Array(size).fill(7);
    const [element, ...more] = readDer(encodeDer(derTag.octetString, content));
    assert.deepEqual([element, more], [{ tag: derTag.octetString, content }, []]);
  }
  assert.throws(() => encodeDer(derTag.octetString, new Uint8Array(0x10000)), RangeError);
});

Deno.test("readDerSequence() accepts nothing but strict DER", () => {
  assert.equal(readDerSequence(Uint8Array.fromHex("3006020101020101")).length, 2);
  const bad: Record<string, string> = {
    "empty": "",
    "only a tag": "30",
    "another tag": "3106020101020101",
    "a byte after it": "300602010102010100",
    "a second value": "3006020101020101" + "0500",
    "cut short": "30060201010201",
    "long form for a short length": "308106020101020101",
    "long form inside": "300702810101020101",
    "padded length": "30820006020101020101",
    "open end": "30800201010201010000",
    "length of four bytes": "308400000006020101020101",
    "length cut short": "3082",
    "a tag of two bytes": "30031f0100",
    "an element that reaches past the end": "3006027f01020101",
  };
  for (const [what, hex] of Object.entries(bad)) {
    assert.throws(() => readDerSequence(Uint8Array.fromHex(hex)), /DER/, what);
  }
});
