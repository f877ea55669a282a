import assert from "node:assert/strict";
import {
  boolType,
  type CelType,
  doubleType,
  dynType,
  intType,
  listOf,
  mapOf,
  nullable,
  showType,
  stringType,
} from "./cel_type.ts";
import { checkExpression, type TypeScope } from "./check.ts";
import { limits } from "./limits.ts";

const facts: CelType = {
  kind: "object",
  fields: {
    release: { type: stringType, optional: false },
    files: {
      type: listOf({
        kind: "object",
        fields: {
          name: { type: stringType, optional: false },
          size: { type: intType, optional: true },
        },
        closed: true,
      }),
      optional: false,
    },
    reason: { type: nullable(stringType), optional: false },
    extra: {
      type: {
        kind: "object",
        fields: { note: { type: stringType, optional: false } },
        closed: true,
      },
      optional: true,
    },
    any: { type: dynType, optional: false },
  },
  closed: true,
};

const scope: TypeScope = {
  params: {
    root: stringType,
    count: intType,
    ratio: doubleType,
    share: doubleType,
    on: boolType,
    names: listOf(stringType),
    numbers: listOf(intType),
    labels: mapOf(stringType),
  },
  steps: {
    "P5-2": { facts, optional: false },
    maybe: { facts, optional: true },
    each: { facts: listOf(facts), optional: true },
  },
  allSteps: new Set(["P5-2", "maybe", "P5-9", "other"]),
};

function typeOf(source: string, place: "whole" | "text" = "whole"): string {
  const checked = checkExpression(source, scope, place);
  if ("faults" in checked) return checked.faults.map(({ message }) => message).join("; ");
  return showType(checked.type);
}

/** Each fault as code, what it points at, message, hint. */
function faults(source: string, more: Partial<TypeScope> = {}): readonly string[] {
  const checked = checkExpression(source, { ...scope, ...more });
  assert.ok("faults" in checked, `${source} passes`);
  return checked.faults.map(({ code, message, hint, offset, length }) =>
    `${code} [${source.slice(offset, offset + length)}] ${message} | ${hint ?? ""}`
  );
}

function passes(...sources: readonly string[]): void {
  for (const source of sources) {
    const checked = checkExpression(source, scope);
    assert.ok("type" in checked, `${source}: ${JSON.stringify(checked)}`);
  }
}

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

Deno.test("checkExpression() refuses members that a type lacks", () => {
  assert.deepEqual(faults("params.names.first"), [
    "ill-typed [first] a list is indexed by an int, not by a name | write list[0], list.size(), or list.map(x, …)",
  ]);
  assert.deepEqual(faults("params.root.length"), [
    "ill-typed [length] a value of type string has no members | ",
  ]);
  assert.deepEqual(faults("params.labels[0]"), ["ill-typed [0] a map is indexed by a string | "]);
  assert.deepEqual(faults("steps['P5-2'][params.root]"), [
    "ill-typed [params.root] which member this is must be known when planning | write its name",
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

Deno.test("checkExpression() suggests what a mistyped name was meant to be", () => {
  assert.deepEqual(faults("params.rooot"), [
    'unknown-name [rooot] there is no parameter "rooot" | did you mean params.root?',
  ]);
  assert.deepEqual(faults("steps['P5-22'].release"), [
    "unknown-name ['P5-22'] there is no step \"P5-22\" | did you mean steps['P5-2']?",
  ]);
  assert.deepEqual(faults("steps['P5-2'].relese"), [
    "unknown-name [relese] steps['P5-2'] has no member \"relese\" | did you mean release?",
  ]);
  assert.deepEqual(faults("has(steps['P5-2'].relese)"), [
    "unknown-name [relese] steps['P5-2'] has no member \"relese\" | did you mean release?",
  ]);
  assert.deepEqual(faults("param.root"), [
    'unknown-name [param] there is no name "param" | did you mean "params"?',
  ]);
  assert.deepEqual(faults("root"), [
    'unknown-name [root] there is no name "root" | did you mean params.root?',
  ]);
  assert.deepEqual(faults("params.root.startWith('a')"), [
    "unknown-name [params.root.startWith('a')] there is no method startWith() | did you mean \"startsWith\"?",
  ]);
  assert.deepEqual(faults("contains(params.root, 'a')"), [
    "unknown-name [contains(params.root, 'a')] there is no function contains() | write value.contains(…)",
  ]);
});

Deno.test("checkExpression() knows no member that JavaScript gives every object", () => {
  for (const name of ["constructor", "toString", "__proto__"]) {
    for (const source of [`params['${name}']`, `steps['${name}'].a`, `steps['P5-2']['${name}']`]) {
      assert.match(faults(source)[0]!, /^unknown-name/, source);
    }
  }
  assert.match(faults("params.names['length']")[0]!, /a list is indexed by an int/);
  assert.match(faults("params.names.toString()")[0]!, /there is no method/);
});

Deno.test("checkExpression() says of a step why its facts cannot be used", () => {
  const [unclear] = faults("steps.other.release");
  assert.match(unclear!, /step "other" runs later, or is not among the steps that this one needs/);
  const laterSteps = new Set(["P5-9"]);
  const [later] = faults("steps['P5-9'].release", { laterSteps });
  assert.match(later!, /step "P5-9" runs later \|/);
  const [unneeded] = faults("steps.other.release", { laterSteps });
  assert.match(unneeded!, /step "other" is not among .* \| add "other" to its needs/);
  const [own] = faults("steps.other.release", { laterSteps, self: "other" });
  assert.match(own!, /step "other" is this step itself \| only facts of steps that have ended/);
});

Deno.test("checkExpression() knows item and run only where they exist", () => {
  assert.match(faults("item")[0]!, /item exists only in a step with for_each/);
  assert.match(faults("run.outcome")[0]!, /run exists only under finally/);
  const run: CelType = {
    kind: "object",
    fields: { outcome: { type: stringType, optional: false } },
    closed: true,
  };
  assert.deepEqual(checkExpression("item", { ...scope, item: intType }), { type: intType });
  assert.deepEqual(checkExpression("run.outcome", { ...scope, run }), { type: stringType });
  assert.match(faults("run.outcom", { run })[0]!, /did you mean outcome\?/);
});

Deno.test("checkExpression() demands a guard for facts of steps that may be skipped", () => {
  assert.deepEqual(faults("steps.maybe.release"), [
    'unguarded [steps.maybe] step "maybe" may be skipped or fail, and then has no facts | ' +
    "guard it: has(steps.maybe.FACT) ? … : …",
  ]);
  // Of a step with `for_each`, the guard that is advised has to have a type.
  assert.match(faults("steps.each[0].release")[0]!, /\| guard it: has\(steps\.each\) \? /);
  passes(
    "has(steps.each) ? steps.each[0].release : 'none'",
    "has(steps.maybe.release) ? steps.maybe.release : 'none'",
    "has(steps['maybe'].release) ? steps.maybe.files[0].name : 'none'",
    "!has(steps.maybe.release) ? 'none' : steps.maybe.release",
    "has(steps.maybe.release) && steps.maybe.release == 'x'",
    "!has(steps.maybe.release) || steps.maybe.release == 'x'",
    "params.on && has(steps.maybe.release) ? steps.maybe.release : ''",
    "has(steps.maybe) && steps.maybe.release == 'x'",
    "has(steps.maybe.release) && params.names.exists(x, x == steps.maybe.release)",
  );
});

Deno.test("checkExpression() is not satisfied by a guard that does not guard", () => {
  for (
    const source of [
      "has(steps.maybe.release) ? 'none' : steps.maybe.release",
      "!has(steps.maybe.release) ? steps.maybe.release : ''",
      "has(steps.maybe.release) || steps.maybe.release == 'x'",
      "params.on || has(steps.maybe.release) ? steps.maybe.release : ''",
      "steps.maybe.release == 'x' && has(steps.maybe.release)",
      "(has(steps.maybe.release) || params.on) && steps.maybe.release == 'x'",
      "(has(steps.maybe.release) && params.on) == params.on ? steps.maybe.release : ''",
      "params.names.exists(x, has(steps.maybe.release)) ? steps.maybe.release : ''",
      "!(has(steps.maybe.release) && params.on) ? '' : !params.on ? '' : steps.maybe.extra.note",
      "has(steps.maybe.extra) && steps.maybe.files[0].size > 1",
    ]
  ) assert.match(faults(source)[0]!, /^unguarded/, source);
});

Deno.test("checkExpression() demands guards for optional members and for null", () => {
  assert.deepEqual(faults("steps['P5-2'].extra.note"), [
    "unguarded [steps['P5-2'].extra] steps['P5-2'].extra may be absent | " +
    "guard it: has(steps['P5-2'].extra) ? … : …",
  ]);
  assert.match(faults("steps['P5-2'].reason + '!'")[0]!, /unguarded .* may be null/);
  assert.match(
    faults("has(steps['P5-2'].reason) ? steps['P5-2'].reason + '!' : ''")[0]!,
    /unguarded .* may be null/,
  );
  assert.match(faults("steps['P5-2'].reason.size()")[0]!, /there is no string or null.size\(\)/);
  passes(
    "has(steps['P5-2'].extra.note) ? steps['P5-2'].extra.note : ''",
    "steps['P5-2'].reason != null ? steps['P5-2'].reason + '!' : ''",
    "null == steps['P5-2'].reason ? '' : steps['P5-2'].reason",
    "steps['P5-2'].reason == null || steps['P5-2'].reason.size() > 3",
    "steps['P5-2'].reason == 'x'",
    "steps['P5-2'].files.map(f, has(f.size), f.size)",
    "steps['P5-2'].files.exists(f, has(f.size) && f.size > 3)",
    "has(steps.maybe.extra.note) ? steps.maybe.extra.note + steps.maybe.release : ''",
  );
  assert.match(faults("steps['P5-2'].files.map(f, f.size)")[0]!, /f.size may be absent/);
});

Deno.test("checkExpression() forgets a guard on a name that another comprehension binds", () => {
  const source = "steps['P5-2'].files.exists(f, has(f.size)) && " +
    "steps['P5-2'].files.exists(f, f.size > 3)";
  assert.match(faults(source)[0]!, /f.size may be absent/);
});

Deno.test("checkExpression() refuses has() of anything but the path of a member", () => {
  for (const source of ["has(params)", "has(1)", "has(params.names[0])", "has()", "has([1].x)"]) {
    assert.equal(faults(source).length, 1, source);
  }
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

Deno.test("checkExpression() holds to the limits on source, nodes and depth", () => {
  const long = `'${"x".repeat(limits.characters)}'`;
  const wide = Array.from({ length: limits.nodes }, () => "1").join(",");
  const deep = "(".repeat(limits.depth + 1) + "1" + ")".repeat(limits.depth + 1);
  const chain = "1" + "+1".repeat(limits.depth);
  for (
    const source of [
      long,
      `[${wide}]`,
      deep,
      chain,
      "!".repeat(4000) + "true",
      "-".repeat(4000) + "1",
    ]
  ) {
    assert.match(faults(source)[0]!, /^expression-limit/, source.slice(0, 20));
  }
  passes(Array.from({ length: 40 }, () => "params.on").join(" && "));
});

Deno.test("checkExpression() holds to the limit on nested comprehensions", () => {
  passes("params.names.map(a, params.names.map(b, a + b))");
  const three = "params.names.all(a, params.names.all(b, params.names.all(c, a + b == c)))";
  assert.match(faults(three)[0]!, /^expression-limit .* nest more than 2 deep/);
  assert.match(faults("params.names.map(params, 1)")[0]!, /the name params is taken/);
  assert.match(faults("params.names.map(a, params.names.map(a, 1))")[0]!, /the name a is taken/);
});
