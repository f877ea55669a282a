import * as fc from "fast-check";
import assert from "node:assert/strict";
import { editJson } from "./edit_json.ts";
import { printJson } from "./print_json.ts";

const original = `{
  // Why it is so.
  "name": "x",
  "sets": {
    "a": { "read": ["/srv"] },
    "b": {} /* nothing */
  },
  "tasks": { "t": "deno run" }
}
`;

Deno.test("editJson() replaces a value and leaves every other byte", () => {
  assert.equal(
    editJson(original, ["sets", "a"], { read: ["/etc"] }, "x.json"),
    original.replace('{ "read": ["/srv"] }', '{\n      "read": ["/etc"]\n    }'),
  );
});

Deno.test("editJson() adds after what is there, comments included", () => {
  assert.equal(
    editJson(original, ["sets", "c"], [], "x.json"),
    original.replace('"b": {} /* nothing */', '"b": {}, /* nothing */\n    "c": []'),
  );
  assert.equal(
    editJson(original, ["new"], 1, "x.json"),
    original.replace('"deno run" }\n', '"deno run" },\n  "new": 1\n'),
  );
});

Deno.test("editJson() removes a member wherever it stands, and a mapping with its last one", () => {
  const without = (...path: [string, string]) => editJson(original, path, undefined, "x.json");
  assert.equal(without("sets", "a"), original.replace('"a": { "read": ["/srv"] },\n    ', ""));
  assert.equal(
    without("sets", "b"),
    original.replace(',\n    "b": {} /* nothing */', " /* nothing */"),
  );
  assert.equal(without("tasks", "t"), original.replace(',\n  "tasks": { "t": "deno run" }', ""));
  assert.equal(without("sets", "z"), original);
  assert.equal(without("nothing", "z"), original);
});

Deno.test("editJson() tells where something else than a mapping stands", () => {
  assert.throws(() => editJson('{\n  "sets": 1\n}', ["sets", "a"], 1, "x.json"), /x\.json:2:11/);
  assert.throws(() => editJson("[]", ["a"], 1, "x.json"), /x\.json:1:1/);
});

Deno.test("editJson() sets what JSON.parse then reads", () => {
  const key = fc.constantFrom("a", "b", "c");
  const values = fc.dictionary(key, fc.dictionary(key, fc.array(fc.string())));
  fc.assert(
    fc.property(values, key, key, fc.option(fc.array(fc.string())), (object, a, b, value) => {
      const edited = JSON.parse(editJson(printJson(object), [a, b], value ?? undefined, "x"));
      const wanted = structuredClone(object);
      if (value !== null) wanted[a] = { ...wanted[a], [b]: value };
      else if (wanted[a] !== undefined) {
        delete wanted[a][b];
        if (Object.keys(wanted[a]).length === 0) delete wanted[a];
      }
      assert.deepEqual(edited, wanted);
    }),
  );
});
