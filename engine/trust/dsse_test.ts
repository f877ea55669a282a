// flags: none
import assert from "node:assert/strict";
import fc from "fast-check";
import { preAuthenticationEncoding, readEnvelope, writeEnvelope } from "./dsse.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** The test vector of the specification, https://github.com/secure-systems-lab/dsse, protocol.md. */
const example = {
  payload: "aGVsbG8gd29ybGQ=",
  payloadType: "http://example.com/HelloWorld",
  signatures: [{
    sig: "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==",
  }],
};

Deno.test("preAuthenticationEncoding() is that of the specification", () => {
  assert.deepEqual(
    preAuthenticationEncoding(example.payloadType, bytes("hello world")),
    bytes("DSSEv1 29 http://example.com/HelloWorld 11 hello world"),
  );
  // Lengths are those of bytes, not of characters.
  assert.deepEqual(preAuthenticationEncoding("é", bytes("ü")), bytes("DSSEv1 2 é 2 ü"));
  assert.deepEqual(preAuthenticationEncoding("", bytes("")), bytes("DSSEv1 0  0 "));
});

Deno.test("preAuthenticationEncoding() gives different messages different bytes", () => {
  const message = fc.tuple(
    fc.stringMatching(/^[ 0-9a]{0,6}$/),
    fc.stringMatching(/^[ 0-9a]{0,6}$/),
  );
  fc.assert(fc.property(message, message, (a, b) => {
    const [one, other] = [a, b].map(([type, text]) =>
      preAuthenticationEncoding(type, bytes(text)).toHex()
    );
    assert.equal(one === other, a[0] === b[0] && a[1] === b[1]);
  }));
});

Deno.test("readEnvelope() reads the specification's example, and members that it does not know", () => {
  const text = JSON.stringify({ ...example, more: 1 });
  const { payloadType, payload, signatures } = readEnvelope(text);
  assert.equal(payloadType, example.payloadType);
  assert.deepEqual(payload, bytes("hello world"));
  assert.equal(signatures[0]!.keyid, "");
  assert.equal(signatures[0]!.sig.length, 64);
});

Deno.test("readEnvelope() gives back what writeEnvelope() wrote", () => {
  const envelope = {
    payloadType: "t",
    payload: bytes("{}"),
    signatures: [{ keyid: "k", sig: bytes("s") }, { keyid: "", sig: bytes("r") }],
  };
  assert.deepEqual(readEnvelope(writeEnvelope(envelope)), envelope);
});

Deno.test("readEnvelope() refuses what two readers could take for two things", () => {
  const { payload, payloadType, signatures } = example;
  const [{ sig }] = signatures as [{ sig: string }];
  const bad: Record<string, RegExp> = {
    "": /not JSON/,
    "[]": /not an object/,
    "null": /not an object/,
    [`{"payload":"${payload}","payload":"","payloadType":"t","signatures":[{"sig":"${sig}"}]}`]:
      /key "payload" twice/,
    [`{"payload":"${payload}","payloadType":"t","signatures":[{"sig":"","sig":"${sig}"}]}`]:
      /key "sig" twice/,
    [JSON.stringify({ payload, signatures })]: /payloadType/,
    [JSON.stringify({ payloadType, signatures })]: /payload is not base64/,
    [JSON.stringify({ ...example, payload: "aGVsbG8gd29ybGR=" })]: /payload is not base64/,
    [JSON.stringify({ ...example, payload: "aGVsbG8\ngd29ybGQ=" })]: /payload is not base64/,
    [JSON.stringify({ ...example, payload: "aGVsbG8gd29ybGQ" })]: /payload is not base64/,
    [JSON.stringify({ payload, payloadType })]: /holds no signature/,
    [JSON.stringify({ ...example, signatures: [] })]: /holds no signature/,
    [JSON.stringify({ ...example, signatures: [1] })]: /signatures\[0\] is not an object/,
    [JSON.stringify({ ...example, signatures: [{ sig: "-_-_" }] })]: /sig is not base64/,
    [JSON.stringify({ ...example, signatures: [{ sig, keyid: 1 }] })]: /keyid/,
    [JSON.stringify({ ...example, signatures: Array(17).fill({ sig }) })]: /more than 16/,
  };
  for (const [text, message] of Object.entries(bad)) {
    assert.throws(() => readEnvelope(text), { name: "InvalidInputError", message }, text);
  }
});
