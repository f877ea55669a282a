import * as fc from "fast-check";
import assert from "node:assert/strict";
import { Page } from "./page.ts";

const lines = (columns: number, head: string, text: string) => {
  const page = new Page(columns);
  page.put(head, text);
  return page.text().split("\n").slice(0, -1);
};

Deno.test("Page.put() breaks between words, then within paths, and indents what goes on", () => {
  assert.deepEqual(lines(12, "  for ", "a bb ccc dd"), ["  for a bb", "      ccc dd"]);
  assert.deepEqual(lines(12, "  ", "/srv/data/releases"), ["  /srv/data/", "  releases"]);
  assert.deepEqual(lines(8, "", "abcdefghijk"), ["abcdefgh", "ijk"]);
  assert.deepEqual(lines(6, "", "a bb\u00a0cc d"), ["a", "bb cc", "d"]);
});

Deno.test("Page.put() loses no character, and is never wider than it may be", () => {
  const word = fc.stringMatching(/^[a-z/=,]{1,40}$/);
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1 }),
      fc.integer({ min: 10, max: 80 }),
      (words, columns) => {
        const found = lines(columns, "  ", words.join(" "));
        assert.equal(found.join("").replaceAll(" ", ""), words.join(""));
        assert.ok(found.every((line) => line.length <= columns), found.join("\n"));
      },
    ),
  );
});

Deno.test("Page.put() counts wide characters twice and shows what steers a terminal", () => {
  assert.deepEqual(lines(6, "", "日本語日本語"), ["日本語", "日本語"]);
  assert.deepEqual(lines(20, "", "a\x1b[31mb"), ["a�[31mb"]);
});
