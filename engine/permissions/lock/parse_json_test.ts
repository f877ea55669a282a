import * as fc from "fast-check";
import assert from "node:assert/strict";
import { InvalidInputError } from "../../errors.ts";
import { jsonValue, memberOf } from "./json_node.ts";
import { parseJson } from "./parse_json.ts";

Deno.test("parseJson() reads what JSON.parse reads, indented or not", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      assert.deepEqual(jsonValue(parseJson(text, "x")), JSON.parse(text));
    }),
  );
});

Deno.test("parseJson() knows where each value begins and ends", () => {
  const text = '{\n  // why\n  "a": [1, {"b": "c"}] /* so */\n}';
  const list = memberOf(parseJson(text, "x"), "a");
  assert.equal(text.slice(list!.start, list!.end), '[1, {"b": "c"}]');
});

Deno.test("parseJson() names file, line and column of what is wrong", () => {
  const faults: Readonly<Record<string, RegExp>> = {
    "": /^x:1:1: a value/,
    "[1": /^x:1:3: "," or "]"/,
    "[1,]": /^x:1:4: a value/,
    "{\n  a: 1 }": /^x:2:3: a key in quotes/,
    '{"a" 1}': /^x:1:6: ":"/,
    "[01]": /^x:1:2: a value/,
    "[1] 2": /^x:1:5: nothing may follow/,
    '"\n"': /^x:1:1: a value/,
    '"\\x"': /^x:1:1: this is no JSON/,
    "tru": /^x:1:1: a value/,
    '{"a": 1,\n "\\u0061": 2}': /^x:2:2: the key "a" is here twice/,
    [`${"[".repeat(40)}${"]".repeat(40)}`]: /nested more than 32 levels/,
  };
  for (const [text, message] of Object.entries(faults)) {
    assert.throws(() => parseJson(text, "x"), (error: unknown) => {
      assert.ok(error instanceof InvalidInputError, text);
      assert.match(error.message, message);
      return true;
    });
  }
});
