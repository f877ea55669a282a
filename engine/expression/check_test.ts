import assert from "node:assert/strict";
import { checkExpression } from "./check.ts";
import { faults, passes, scope, typeOf } from "./test_scope.ts";

Deno.test("checkExpression() finds the types of paths", () => {
  assert.equal(typeOf("params.root"), "string");
  assert.equal(typeOf("steps['P5-2'].release"), "string");
  assert.equal(typeOf("steps['P5-2'].files[0].name"), "string");
  assert.equal(typeOf("params.labels.a"), "string");
  assert.equal(typeOf("params.labels['a-b']"), "string");
  assert.equal(typeOf("steps['P5-2'].reason"), "string or null");
});

Deno.test("checkExpression() finds the types of operators", () => {
  assert.equal(typeOf("params.count + 1"), "int");
  assert.equal(typeOf("params.count / 2"), "int");
  assert.equal(typeOf("params.count % 2"), "int");
  assert.equal(typeOf("params.ratio * 2.0"), "double");
  assert.equal(typeOf("-params.ratio"), "double");
  assert.equal(typeOf("params.root + '/etc'"), "string");
  assert.equal(typeOf("params.names + ['x']"), "list<string>");
  assert.equal(typeOf("params.names + []"), "list<string>");
  assert.equal(typeOf("params.count < 2.5"), "bool");
  assert.equal(typeOf("'a' in params.names && !('b' in params.labels)"), "bool");
  assert.equal(typeOf("params.on ? params.count : 3"), "int");
  assert.equal(typeOf("params.on ? 'a' : null"), "string or null");
  assert.equal(typeOf("{'a': 1, 'b': [true]}"), "{a: int, b: list<bool>}");
});

Deno.test("checkExpression() finds the types of functions and comprehensions", () => {
  assert.equal(typeOf("size(params.names) + params.root.size()"), "int");
  assert.equal(typeOf("int(params.root)"), "int");
  assert.equal(typeOf("string(steps['P5-2'].any)"), "string");
  assert.equal(typeOf("params.root.split('/').filter(x, x != '').join(',')"), "string");
  assert.equal(typeOf("params.names.map(x, x.size())"), "list<int>");
  assert.equal(typeOf("params.names.map(x, x != '', {'name': x})"), "list<{name: string}>");
  assert.equal(typeOf("params.labels.map(key, key)"), "list<string>");
  assert.equal(typeOf("params.numbers.exists_one(n, n > 3)"), "bool");
});

Deno.test("checkExpression() refuses operations that no values have", () => {
  assert.deepEqual(faults("params.root + params.count"), [
    "ill-typed [params.root + params.count] there is no string + int | convert the other: string(…)",
  ]);
  assert.deepEqual(faults("params.count * 2.5"), [
    "ill-typed [params.count * 2.5] there is no int * double | convert one of them: double(…) or int(…)",
  ]);
  assert.deepEqual(faults("params.on ? 1 : 'a'"), [
    "ill-typed [params.on ? 1 : 'a'] the branches differ: int and string | give both the same type",
  ]);
  assert.deepEqual(faults("params.count ? 1 : 2"), [
    "ill-typed [params.count] params.count is int, not bool | compare it: == != < > in",
  ]);
  assert.deepEqual(faults("params.root == 3"), [
    "ill-typed [params.root == 3] there is no string == int | ",
  ]);
  assert.deepEqual(faults("params.root == null"), [
    "ill-typed [params.root] params.root is never null | ",
  ]);
  assert.deepEqual(faults("[1, 'a']"), [
    "ill-typed ['a'] the elements differ: int and string | give all the same type",
  ]);
  assert.deepEqual(faults("{'a': 1, 'a': 2}"), ["ill-typed ['a'] the key \"a\" stands twice | "]);
  assert.deepEqual(faults("{params.root: 1}"), [
    "ill-typed [params.root] a key is a string in quotes | write {'key': value}",
  ]);
  assert.deepEqual(faults("9223372036854775808"), [
    "ill-typed [9223372036854775808] the integer 9223372036854775808 is beyond 64 bits | ",
  ]);
  assert.deepEqual(faults("b'ab'"), [
    "ill-typed [b'ab'] bytes are not supported: JSON has none | ",
  ]);
});

Deno.test("checkExpression() refuses a division that depends on how numbers look", () => {
  assert.deepEqual(faults("params.ratio / params.share"), [
    "ill-typed [params.ratio / params.share] whether this divides whole numbers would depend on the values | write double(params.ratio) / …",
  ]);
  passes(
    "double(params.ratio) / params.share",
    "params.ratio / 2.0",
    "(params.ratio + 0.5) / params.share",
  );
});

Deno.test("checkExpression() refuses a result of unknown type, but not what converts it", () => {
  assert.match(faults("steps['P5-2'].any")[0]!, /type of the result is not known when planning/);
  assert.match(faults("steps['P5-2'].any.a[0]")[0]!, /not known when planning/);
  passes("string(steps['P5-2'].any)", "steps['P5-2'].any == 'x'", "steps['P5-2'].any.n > 3");
});

Deno.test("checkExpression() refuses matches()", () => {
  assert.match(faults("params.root.matches('(a+)+b')")[0]!, /matches\(\) is not allowed/);
  assert.match(faults("steps['P5-2'].any.matches('a')")[0]!, /matches\(\) is not allowed/);
});

Deno.test("checkExpression() has only the functions that work on values of JSON", () => {
  for (
    const source of [
      "dyn(1)",
      "timestamp('x')",
      "duration('1s')",
      "type(1)",
      "bytes('a')",
      "uint(1)",
    ]
  ) {
    assert.match(faults(source)[0]!, /^unknown-name .* there is no function/, source);
  }
  assert.match(faults("cel.bind(x, 1, x)")[0]!, /^unknown-name .* there is no method bind/);
});

Deno.test("checkExpression() refuses within text what has no form there", () => {
  for (const source of ["params.root", "params.count", "params.ratio", "params.on"]) {
    assert.ok("type" in checkExpression(source, scope, "text"), source);
  }
  assert.equal(typeOf("params.names", "text"), "a list cannot stand within text");
  assert.equal(typeOf("params.labels", "text"), "a map cannot stand within text");
  assert.equal(typeOf("steps['P5-2'].reason", "text"), "string or null cannot stand within text");
  assert.equal(typeOf("params.names.join(', ')", "text"), "string");
});

Deno.test("checkExpression() refuses names by themselves and indexes that are computed", () => {
  for (
    const source of ["params", "steps", "size(params)", "params[params.root]", "steps[params.root]"]
  ) {
    assert.match(faults(source)[0]!, /^ill-typed/, source);
  }
});

Deno.test("checkExpression() reports every fault, in order, each once", () => {
  assert.deepEqual(
    faults("params.a + params.root.size() > steps.b.c && params.count == 'x'").map((line) =>
      line.split(" | ")[0]
    ),
    [
      'unknown-name [a] there is no parameter "a"',
      'unknown-name [b] there is no step "b"',
      "ill-typed [params.count == 'x'] there is no int == string",
    ],
  );
});

Deno.test("checkExpression() places faults of syntax", () => {
  assert.deepEqual(faults("params.root +"), [
    "expression-syntax [] the expression ends too early | ",
  ]);
  assert.deepEqual(faults("params.root ? 'a' 'b'"), [
    "expression-syntax ['b'] expected ':', got a string | ",
  ]);
  assert.deepEqual(faults("'abc"), ["expression-syntax ['abc] unterminated string | "]);
  assert.deepEqual(faults("a @ b"), ["expression-syntax [@] unexpected character: @ | "]);
});
