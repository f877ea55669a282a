// flags: --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { parse } from "yaml";
import { renderList } from "./render_list.ts";

const rows = [{ name: "日本", n: 1 }, { name: "a\x1b[1m", n: 22 }];
const render = (format: "table" | "json" | "yaml") =>
  renderList(format, "rows", rows, [["NAME", (row) => row.name], ["N", (row) => `${row.n}`]]);

Deno.test("renderList() as a table lines up cells and shows control characters", () => {
  assert.equal(render("table"), "NAME   N\n日本   1\na�[1m  22\n");
});

Deno.test("renderList() as JSON and YAML says the same, with a version", () => {
  assert.deepEqual(JSON.parse(render("json")), { schemaVersion: 1, rows });
  assert.deepEqual(parse(render("yaml")), { schemaVersion: 1, rows });
});

Deno.test("renderList() wraps what stands last where a table is wider than its screen", () => {
  const long = [{ name: "a", text: "one two three four five six" }, { name: "bb", text: "x" }];
  const table = (name: string, screen: number) =>
    renderList(
      "table",
      "rows",
      long,
      [[name, (row) => row.name], ["TEXT", (row) => row.text]],
      screen,
    );
  assert.equal(table("N", 31), "N   TEXT\na   one two three four five six\nbb  x\n");
  assert.equal(table("N", 30), "N   TEXT\na   one two three four five\n    six\nbb  x\n");
  // Where little is left beside the rest, it stands below.
  assert.equal(
    table("LONG NAME", 30),
    "LONG NAME\n    TEXT\na\n    one two three four five\n    six\nbb\n    x\n",
  );
});

Deno.test("renderList() writes long lists", () => {
  const many = Array.from({ length: 200_000 }, (_, n) => ({ name: "", n }));
  assert.ok(renderList("table", "rows", many, [["N", (row) => `${row.n}`]]).endsWith("199999\n"));
});

Deno.test("renderList() of nothing is a table of titles and an empty list", () => {
  const columns = [["NAME", () => ""]] as const;
  assert.equal(renderList("table", "rows", [], columns), "NAME\n");
  assert.deepEqual(JSON.parse(renderList("json", "rows", [], columns)).rows, []);
});
