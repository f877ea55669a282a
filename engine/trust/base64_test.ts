import assert from "node:assert/strict";
import { decodeBase64 } from "./base64.ts";

Deno.test("decodeBase64() decodes what standard encoders write", () => {
  for (const length of [0, 1, 2, 3, 64]) {
    const bytes = new Uint8Array(length).fill(0xfb);
    assert.deepEqual(decodeBase64(bytes.toBase64()), bytes);
  }
});

Deno.test("decodeBase64() refuses every second spelling of a value", () => {
  for (const text of ["aGk", "aGk==", "aGl=", "aG k=", "aGk=\n", "-_-_", "a", "====", "aGk=aGk="]) {
    assert.equal(decodeBase64(text), undefined, JSON.stringify(text));
  }
});
