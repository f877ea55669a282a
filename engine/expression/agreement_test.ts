// Our evaluation held against that of the CEL library, which is not used because it cannot be
// bounded. Where they differ on purpose: int('') is a fault, an int may be compared with a double
// for equality, has() follows indexes, and lowerAscii() leaves other letters alone.
import { Environment } from "@marcbachmann/cel-js";
import fc from "fast-check";
import assert from "node:assert/strict";
import type { Json } from "../json.ts";
import {
  boolType,
  doubleType,
  intType,
  isAssignable,
  listOf,
  mapOf,
  showType,
  stringType,
} from "./cel_type.ts";
import { typeOfJson } from "./cel_type_of_json_schema.ts";
import { checkExpression, type Fault } from "./check.ts";
import { evaluateTemplate } from "./evaluate.ts";
import { parsePath, showPath } from "./path.ts";
import { parseExpression } from "./template.ts";

type Outcome = { readonly value: Json } | "fault";

async function ours(source: string, params: Record<string, Json>): Promise<Outcome> {
  return await evaluateTemplate(parseExpression(source), { params, steps: {} }).then(
    (value): Outcome => ({ value: withoutMinusZero(value) }),
    (error): Outcome => {
      assert.equal(error.name, "FailedError", String(error));
      return "fault";
    },
  );
}

function library(environment: Environment, source: string, params: unknown): Outcome {
  try {
    return { value: withoutMinusZero(fromCel(environment.evaluate(source, { params }))) };
  } catch (error) {
    assert.ok(error instanceof Error);
    return "fault";
  }
}

function fromCel(value: unknown): Json {
  if (typeof value === "bigint" && Number.isSafeInteger(Number(value))) return Number(value);
  if (typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value))) {
    throw new Error("no number of JSON");
  }
  if (Array.isArray(value)) return value.map(fromCel);
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, member]) => [key, fromCel(member)]));
  }
  return value as Json;
}

function withoutMinusZero(value: Json): Json {
  return JSON.parse(JSON.stringify(value));
}

/** As the library wants it: integers are bigint, and maps cannot be mistaken for prototypes. */
function toCel(value: Json): unknown {
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  if (Array.isArray(value)) return value.map(toCel);
  if (typeof value !== "object" || value === null) return value;
  return new Map(Object.entries(value).map(([key, member]) => [key, toCel(member)]));
}

const keys = fc.constantFrom("a", "b-c", "in", "__proto__", "constructor", "length", "0", "");
const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<Json>(null, true, 0, -3, 2.5, 2 ** 53, "text", ""),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.array(fc.tuple(keys, tie("value")), { maxLength: 4 }).map(Object.fromEntries),
  ),
})).value;

Deno.test("evaluateTemplate() follows a path to what CEL finds there", async () => {
  const open = new Environment().registerVariable("params", "dyn");
  const steps = fc.array(fc.oneof(keys, fc.nat(3)), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(json, steps, async (value, steps) => {
      const path = ["params", "p", ...steps];
      const source = showPath(path);
      assert.deepEqual(parsePath(source), path);
      const params = { p: value };
      const found = await ours(source, params);
      assert.deepEqual(found, library(open, source, toCel(params)));
      // The parentheses make it more than a path, so that our own evaluation of CEL runs.
      assert.deepEqual(await ours(`(${source})`, params), found);
    }),
    { numRuns: 1000 },
  );
});

interface Sources {
  readonly int: string;
  readonly double: string;
  readonly string: string;
  readonly bool: string;
  readonly strings: string;
  readonly ints: string;
}

/** Sources of every type, each well typed but not always with a value. */
const generated = fc.letrec<Sources>((tie) => {
  const one = (kind: keyof Sources, ...leaves: string[]) => ({ kind, leaves });
  const leaves = [
    one(
      "int",
      "0",
      "1",
      "7",
      "-2",
      "params.i",
      "params.n[0]",
      "params.n[3]",
      "params.m.a",
      "params.m['zz']",
    ),
    one("double", "1.5", "0.25", "params.d", "params.whole"),
    one("string", "''", "'a'", "'ab'", "params.s", "params.l[1]", "params.l[5]"),
    one("bool", "true", "false", "params.b", "has(params.m.a)"),
    one("strings", "params.l", "params.l + []", "['a', params.s]", "params.s.split('-')"),
    one("ints", "params.n", "[1, 2]"),
  ];
  const compound: Record<keyof Sources, readonly string[]> = {
    int: [
      "I + I",
      "I - I",
      "I * I",
      "I / I",
      "I % I",
      "-I",
      "size(S)",
      "L.size()",
      "size(N)",
      "N[I]",
      "S.indexOf(S)",
      "S.lastIndexOf(S)",
      "int(string(I))",
      "B ? I : I",
      "params.m[S]",
      "params.m.size()",
    ],
    double: ["D + D", "D - D", "D * D", "D / (0.5 + D)", "double(I)", "B ? D : D"],
    string: [
      "S + S",
      "string(I)",
      "string(B)",
      "S.trim()",
      "S.lowerAscii()",
      "S.upperAscii()",
      "S.substring(I)",
      "S.substring(I, I)",
      "L.join()",
      "L.join(S)",
      "L[I]",
      "B ? S : S",
    ],
    bool: [
      "I < I",
      "I >= D",
      "D <= D",
      "S > S",
      "I == I",
      "D != D",

      "S == S",
      "L == L",
      "N != N",
      "B && B",
      "B || B",
      "!B",
      "I in N",
      "S in L",
      "S in params.m",
      "S.contains(S)",
      "S.startsWith(S)",
      "S.endsWith(S)",
      "L.all(x, x < S)",
      "L.exists(x, x.contains(S))",
      "N.exists_one(x, x == I)",
      "N.all(x, I / x > I)",
      "N.exists(x, I / x > I)",
      "params.m.exists(k, k == S)",
      "B ? B : B",
    ],
    strings: [
      "L + L",
      "[S, S]",
      "L.map(x, x + S)",
      "N.map(x, string(x))",
      "L.filter(x, x != S)",
      "L.map(x, x > S, x.trim())",
      "S.split(S)",
      "params.m.map(k, k)",
    ],
    ints: ["N + N", "[I, I]", "L.map(x, x.size())", "N.filter(x, x > I)", "N.map(x, x * I)"],
  };
  const kinds: Record<string, keyof Sources> = {
    I: "int",
    D: "double",
    S: "string",
    B: "bool",
    L: "strings",
    N: "ints",
  };
  const fill = (form: string) => {
    const pieces = form.split(/\b([IDSBLN])\b/);
    return fc.tuple(
      ...pieces.map((piece, n) =>
        n % 2 === 0 ? fc.constant(piece) : tie(kinds[piece]!).map((source) => `(${source})`)
      ),
    ).map((parts) => parts.join(""));
  };
  return Object.fromEntries(leaves.map(({ kind, leaves }) => [
    kind,
    fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom(...leaves),
      ...compound[kind].map(fill),
    ),
  ])) as unknown as { [K in keyof Sources]: fc.Arbitrary<string> };
});

function isRefusedNesting({ code, message }: Fault): boolean {
  return code === "expression-limit" || message === "the name x is taken" ||
    message === "the name k is taken";
}

const types = {
  i: intType,
  d: doubleType,
  whole: doubleType,
  s: stringType,
  b: boolType,
  l: listOf(stringType),
  n: listOf(intType),
  m: mapOf(intType),
};

const params = fc.record({
  i: fc.integer({ min: -20, max: 20 }),
  d: fc.constantFrom(0.5, 2.25, 10.75),
  whole: fc.constantFrom(1, 3, 4),
  s: fc.constantFrom("", "a", "b-c", " ab ", "12", "→😀"),
  b: fc.boolean(),
  l: fc.array(fc.constantFrom("", "a", "b", "xyz"), { maxLength: 3 }),
  n: fc.array(fc.integer({ min: -3, max: 9 }), { maxLength: 3 }),
  m: fc.dictionary(fc.constantFrom("a", "ab", "x"), fc.nat(5)),
});

const typed = new Environment().registerVariable({
  name: "params",
  schema: {
    i: "int",
    d: "double",
    whole: "double",
    s: "string",
    b: "bool",
    l: "list<string>",
    n: "list<int>",
    m: "map<string, int>",
  },
});

Deno.test("evaluateTemplate() finds what the library finds, and of the type that was checked", async () => {
  const source = fc.oneof(...Object.values(generated));
  await fc.assert(
    fc.asyncProperty(source, params, async (source, params) => {
      const checked = checkExpression(source, { params: types, steps: {} });
      // Nested comprehensions over one name, or too many of them, are refused on purpose.
      fc.pre("type" in checked || !checked.faults.every(isRefusedNesting));
      assert.ok("type" in checked, JSON.stringify(checked));
      const outcome = await ours(source, params);
      const { d, whole, ...rest } = params;
      const given = toCel(rest) as Map<string, unknown>;
      given.set("d", d).set("whole", whole);
      assert.deepEqual(outcome, library(typed, source, given), showType(checked.type));
      if (outcome !== "fault") {
        assert.ok(isAssignable(typeOfJson(outcome.value), checked.type), showType(checked.type));
      }
    }),
    { numRuns: 2000 },
  );
});
