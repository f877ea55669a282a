// flags: none
import assert from "node:assert/strict";
import fc from "fast-check";
import { parseStrictJson } from "./strict_json.ts";

Deno.test("parseStrictJson() finds a key that stands twice, however it is spelled", () => {
  const twice: readonly [string, string][] = [
    ['{"a":1,"a":2}', "a"],
    ['{"a":1,"\\u0061":2}', "a"],
    ['[{"x":{"b":1,"c":{},"b":[]}}]', "b"],
    ['{"":1,"":1}', ""],
    ['{"__proto__":1,"__proto__":2}', "__proto__"],
    ['{"a":"}","b":"{","a":0}', "a"],
    ['{"a\\"b":1,"a\\"b":2}', 'a"b'],
  ];
  for (const [text, key] of twice) {
    assert.throws(() => parseStrictJson(text), {
      name: "InvalidInputError",
      message: `it has the key ${JSON.stringify(key)} twice`,
    });
  }
});

Deno.test("parseStrictJson() lets the same key stand in different objects, and as a value", () => {
  const sound = [
    '{"a":{"a":{"a":"a"}},"b":["a","a",{"a":1},{"a":2}]}',
    '{"x":"\\"a\\":1,","a":1}',
    '["a","a"]',
    "1",
    "null",
  ];
  for (const text of sound) assert.deepEqual(parseStrictJson(text), JSON.parse(text), text);
});

Deno.test("parseStrictJson() repeats nothing of what is no JSON", () => {
  for (const text of ["", "{", '{"hunter2":', "{'a':1}", "[1,]", "NaN"]) {
    assert.throws(() => parseStrictJson(text), (error: Error) => {
      assert.equal(error.message, "it is not JSON");
      assert.equal(error.cause, undefined);
      return true;
    });
  }
});

Deno.test("parseStrictJson() reads whatever JSON.stringify writes", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
    const text = JSON.stringify(value, null, indent);
    assert.deepEqual(parseStrictJson(text), JSON.parse(text));
  }));
});
