// flags: none
import "./late_segmenter.ts";
import assert from "node:assert/strict";

Deno.test("Intl.Segmenter still segments, by the language and the unit that were asked for", () => {
  const segmenter = new Intl.Segmenter("de", { granularity: "word" });
  const words = [...segmenter.segment("zwei Wörter")].filter(({ isWordLike }) => isWordLike);
  assert.deepEqual(words.map(({ segment }) => segment), ["zwei", "Wörter"]);
  assert.equal(segmenter.resolvedOptions().granularity, "word");
  assert.deepEqual(Intl.Segmenter.supportedLocalesOf(["en"]), ["en"]);
});

Deno.test("Intl.Segmenter takes graphemes where nothing is asked for", () => {
  assert.equal([...new Intl.Segmenter().segment("e\u0301x")].length, 2);
});
