import assert from "node:assert/strict";
import { chainLine, lineDigest } from "./chain_line.ts";
import { verifyChain } from "./verify_chain.ts";

function chain(count: number): string[] {
  const lines: string[] = [];
  for (let n = 1; n <= count; n++) {
    const last = lines.at(-1);
    lines.push(chainLine(n, last === undefined ? "" : lineDigest(last), { n, text: "é\u2028" }));
  }
  return lines;
}

const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");

Deno.test("verifyChain() accepts what was written, and nothing at all", () => {
  const lines = chain(3);
  const head = lineDigest(lines.at(-1)!);
  assert.deepEqual(verifyChain(text(lines)), { ok: true, lines: 3, torn: 0, head });
  assert.deepEqual(verifyChain(""), { ok: true, lines: 0, torn: 0, head: "" });
});

Deno.test("verifyChain() finds a change of any byte of any line, the last one too", () => {
  const bytes = new TextEncoder().encode(text(chain(3)));
  for (let at = 0; at < bytes.length; at++) {
    for (const flip of [1, 0x20, 0x80]) {
      const changed = bytes.slice();
      changed[at]! ^= flip;
      const verdict = verifyChain(changed);
      // Without its end the last line is a torn one.
      const torn = at === bytes.length - 1 && verdict.ok && verdict.torn > 0;
      assert.ok(!verdict.ok || torn, `byte ${at} was changed unseen`);
    }
  }
});

Deno.test("verifyChain() finds a line that was removed, put in, repeated or moved", () => {
  const lines = chain(4);
  for (const order of [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 0, 1], [0, 2, 1, 3], [0, 1, 2, 3, 3]]) {
    assert.equal(verifyChain(text(order.map((n) => lines[n]!))).ok, false, `${order}`);
  }
  const verdict = verifyChain(text([...lines.slice(0, 2), "", ...lines.slice(2)]));
  assert.deepEqual(verdict, { ok: false, line: 3, reason: "it was changed: it is not JSON" });
});

Deno.test("verifyChain() finds a line that was written anew in the middle", () => {
  const lines = chain(3);
  lines[1] = chainLine(2, lineDigest(lines[0]!), { n: 7 });
  const verdict = verifyChain(text(lines));
  assert.ok(!verdict.ok);
  assert.equal(verdict.line, 3);
  assert.match(verdict.reason, /^the line before it was changed/);
});

Deno.test("verifyChain() finds a number that is not the next", () => {
  const [first] = chain(1);
  const verdict = verifyChain(text([first!, chainLine(3, lineDigest(first!), {})]));
  assert.ok(!verdict.ok);
  assert.match(verdict.reason, /its seq is 3 and should be 2$/);
});

Deno.test("verifyChain() goes by bytes, not by what they decode to", () => {
  assert.equal(verifyChain(`\ufeff${text(chain(1))}`).ok, false);
  const bytes = new TextEncoder().encode(`${chainLine(1, "", { text: "\ufffd" })}\n`);
  const at = bytes.indexOf(0xef);
  const changed = new Uint8Array([...bytes.subarray(0, at), 0xff, ...bytes.subarray(at + 3)]);
  assert.equal(verifyChain(bytes).ok, true);
  assert.equal(verifyChain(changed).ok, false);
});

Deno.test("verifyChain() finds removed last lines when the head was kept", () => {
  const lines = chain(3);
  const head = lineDigest(lines[1]!);
  for (const kept of [lines, lines.slice(0, 2)]) {
    const verdict = verifyChain(text(kept), { head });
    assert.ok(verdict.ok && verdict.kept === 2 && verdict.lines === kept.length);
  }
  const verdict = verifyChain(text(lines.slice(0, 1)), { head });
  assert.ok(!verdict.ok);
  assert.match(verdict.reason, /^lines were removed/);
});
