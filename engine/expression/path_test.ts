import assert from "node:assert/strict";
import { parsePath, showPath } from "./path.ts";

Deno.test("parsePath() reads names and literal indexes", () => {
  assert.deepEqual(parsePath("params.root"), ["params", "root"]);
  assert.deepEqual(parsePath("steps['P5-2'].release"), ["steps", "P5-2", "release"]);
  assert.deepEqual(parsePath('steps["a b"]["c"]'), ["steps", "a b", "c"]);
  assert.deepEqual(parsePath("steps.build.files[0]"), ["steps", "build", "files", 0]);
  assert.deepEqual(parsePath(" item . name [ 10 ] "), ["item", "name", 10]);
  assert.deepEqual(parsePath("item"), ["item"]);
  assert.deepEqual(parsePath("steps['']"), ["steps", ""]);
});

Deno.test("parsePath() leaves all else to CEL", () => {
  for (
    const source of [
      "",
      "1",
      "'a'",
      "true",
      "a.",
      "a b",
      "a..b",
      "a.in",
      "a.null",
      "a[b]",
      "a[-1]",
      "a[01]",
      "a[0x1]",
      "a[1u]",
      "a[9999999999]",
      "a['x\\n']",
      "a[r'x']",
      "a['''x''']",
      "a.b()",
      "(a).b",
      "a.b // c",
      "a.b + c",
    ]
  ) assert.equal(parsePath(source), undefined, source);
});

Deno.test("showPath() writes what parsePath() reads", () => {
  const path = ["steps", "P5-2", "in", "files", 3, "name"];
  assert.equal(showPath(path), "steps['P5-2']['in'].files[3].name");
  assert.deepEqual(parsePath(showPath(path)), path);
});
