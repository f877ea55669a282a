import * as fc from "fast-check";
import assert from "node:assert/strict";
import { escapeMisread, harmless, printable } from "./printable.ts";

/** What must never be read by a person: made without the code under test. */
const forbidden = [
  ..."\u202e\u2066\u200b\u200d\u200e\u2028\u2029\u061c\u00ad\u115f\u3164\u2800\ufeff\u2060",
  "\u{e0041}",
  "\u{e0100}",
  "\u009b",
  "\u0085",
  "\u007f",
  "\x1b[8m",
  "\x1b]0;title\x07",
  "\r",
  "\b",
];

const nasty = fc.array(fc.oneof(fc.string(), fc.constantFrom(...forbidden))).map((all) =>
  all.join("")
);

Deno.test("printable() and harmless() leave nothing that steers, turns around or hides", () => {
  fc.assert(fc.property(nasty, (text) => {
    for (const shown of [printable(text), harmless(text, false), harmless(text, true)]) {
      for (const each of forbidden) assert.ok(!shown.includes(each), JSON.stringify(shown));
    }
  }));
});

Deno.test("printable() shows texts apart that look alike", () => {
  const shown = ["a", "a\u200b", "a\u00ad", "a\u{e0041}"].map(printable);
  assert.deepEqual(shown, ["a", "a\\u200b", "a\\u00ad", "a\\udb40\\udc41"]);
  assert.equal(printable("⚠\ufe0f é e\u0301 日本 a\tb"), "⚠\ufe0f é e\u0301 日本 a\tb");
  assert.equal(printable("a\ufe0f"), "a\\ufe0f");
});

Deno.test("escapeMisread() and harmless() keep the value of JSON", () => {
  fc.assert(fc.property(nasty, (text) => {
    const json = JSON.stringify({ text }, null, 2);
    assert.deepEqual(JSON.parse(escapeMisread(json)), { text });
    assert.deepEqual(JSON.parse(harmless(json, false)), { text });
  }));
});

Deno.test("harmless() keeps the colours of our own output, where there may be any", () => {
  const own = "\x1b[31;1merror\x1b[0m: \x1b[1mx\x1b[22m\n";
  assert.equal(harmless(own, true), own);
  assert.equal(harmless("\x1b[1mx", false), "\\u001b[1mx");
  assert.equal(harmless("\x1b[8mx\x1b[2K", true), "\\u001b[8mx\\u001b[2K");
});
