import assert from "node:assert/strict";
import { excerpt } from "./excerpt.ts";

function at(text: string, line: number, column: number, endColumn: number, width = 100) {
  return excerpt(text, { file: "x", line, column, endLine: line, endColumn }, width);
}

Deno.test("excerpt() puts carets below what is meant, after tabs and wide characters", () => {
  assert.deepEqual(at("a\n\tb c\n", 2, 4, 5), { source: "    b c", carets: "      ^" });
  assert.deepEqual(at("日本 x", 1, 4, 5), { source: "日本 x", carets: "     ^" });
  assert.deepEqual(at("日本 x", 1, 1, 3), { source: "日本 x", carets: "^^^^" });
  assert.deepEqual(at("e\u0301 x", 1, 4, 5), { source: "e\u0301 x", carets: "  ^" });
  assert.deepEqual(at("😀 x", 1, 4, 5), { source: "😀 x", carets: "   ^" });
});

Deno.test("excerpt() gives one caret to a place behind the end of the line", () => {
  assert.deepEqual(at("ab\n", 1, 3, 3), { source: "ab", carets: "  ^" });
  assert.deepEqual(at("", 1, 1, 1), { source: "", carets: "^" });
});

Deno.test("excerpt() cuts a wide line around the caret", () => {
  const cut = at(`${"x".repeat(200)}Y${"z".repeat(200)}`, 1, 201, 202, 40);
  assert.ok(cut!.source.length <= 40);
  assert.equal(cut!.source.charAt(cut!.carets.indexOf("^")), "Y");
  assert.match(cut!.source, /^….*…$/);
});

Deno.test("excerpt() lets no control character reach a terminal", () => {
  assert.equal(at("a\x1b[31m\u009bb\u202e", 1, 1, 2)?.source, "a�[31m�b\\u202e");
});

Deno.test("excerpt() has nothing for a line that is not there", () => {
  assert.equal(at("a\n", 7, 1, 2), undefined);
});
