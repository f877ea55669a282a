import * as fc from "fast-check";
import assert from "node:assert/strict";
import { cells, fold } from "./fold.ts";

Deno.test("fold() loses no character, and is never wider than it may be", () => {
  const word = fc.stringMatching(/^[a-z/=,日]{1,40}$/);
  const line = fc.tuple(
    fc.nat(12),
    fc.option(fc.stringMatching(/^[a-z]{1,9}$/), { nil: undefined }),
    fc.array(word, { minLength: 1 }),
  ).map(([indent, label, words]) =>
    " ".repeat(indent) + (label === undefined ? "" : `${label}   `) + words.join(" ")
  );
  fc.assert(fc.property(fc.array(line), fc.integer({ min: 30, max: 90 }), (lines, columns) => {
    const folded = fold(lines.join("\n"), columns);
    assert.equal(folded.replaceAll(/\s/g, ""), lines.join("").replaceAll(" ", ""));
    for (const each of folded.split("\n")) assert.ok(cells(each) <= columns, each);
  }));
});

Deno.test("fold() puts what goes on below what it belongs to", () => {
  assert.equal(fold("  runs   ab cd ef ghi jkl\n", 20), "  runs   ab cd ef\n         ghi jkl\n");
  assert.equal(fold("    a bb ccc dd\n", 12), "    a bb ccc\n      dd\n");
  assert.equal(fold("/srv/data/releases of\n\nx\n", 12), "/srv/data/\n  releases\n  of\n\nx\n");
  assert.equal(fold("short\n", 80), "short\n");
  // A digest stays whole where there is room for it.
  const digest = `sha256:${"0".repeat(64)}`;
  assert.equal(fold(`    code     x.ts ${digest}`, 80), `    code     x.ts\n      ${digest}`);
});
