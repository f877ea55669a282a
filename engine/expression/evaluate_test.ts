// flags: --allow-read
import assert from "node:assert/strict";
import { FailedError, InvalidInputError } from "../errors.ts";
import type { Json } from "../json.ts";
import type { Template } from "../plan/plan.ts";
import { evaluateTemplate, type ExpressionValues } from "./evaluate.ts";
import { parseExpression } from "./template.ts";

const values: ExpressionValues = {
  params: {
    root: "/opt",
    count: 7,
    ratio: 2.5,
    whole: 4,
    names: ["a", "b"],
    odd: JSON.parse('{"__proto__":"p","constructor":"c","a-b":1,"none":null}'),
    large: 2 ** 53,
  },
  steps: {
    "P5-2": { release: "1.2.3", files: [{ name: "x", size: 3 }, { name: "y" }] },
  },
  item: { n: 1 },
  run: { outcome: "done" },
};

function evaluate(source: string): Promise<Json> {
  return evaluateTemplate(parseExpression(source), values);
}

async function fails(source: string, message: RegExp): Promise<void> {
  await assert.rejects(evaluate(source), (error) => {
    assert.ok(error instanceof FailedError, String(error));
    assert.match(error.message, message);
    assert.ok(error.message.includes(source.slice(0, 20)), error.message);
    return true;
  });
}

Deno.test("evaluateTemplate() follows paths", async () => {
  assert.equal(await evaluate("params.root"), "/opt");
  assert.equal(await evaluate("steps['P5-2'].files[1].name"), "y");
  assert.equal(await evaluate("item.n"), 1);
  assert.equal(await evaluate("run.outcome"), "done");
  assert.equal(await evaluate("params.odd['none']"), null);
});

Deno.test("evaluateTemplate() evaluates CEL", async () => {
  assert.equal(await evaluate("params.count / 2"), 3);
  assert.equal(await evaluate("params.count % 4 + 2 * 3"), 9);
  assert.equal(await evaluate("params.ratio * 2.0"), 5);
  assert.equal(await evaluate("params.whole / 8.0"), 0.5);
  assert.equal(await evaluate("double(params.whole) / params.count"), 4 / 7);
  assert.deepEqual(await evaluate("params.names.map(x, x + '!')"), ["a!", "b!"]);
  assert.deepEqual(await evaluate("{'a': params.count + 1, 'b': []}"), { a: 8, b: [] });
  assert.equal(await evaluate("params.names.map(x, x == 'b', x.upperAscii()).join('-')"), "B");
  assert.equal(await evaluate("'/a/b'.split('/').size()"), 3);
  assert.equal(await evaluate("'é😀'.size()"), 2);
  assert.equal(await evaluate("steps['P5-2'].files.exists(f, f.size > 2)"), true);
  assert.equal(await evaluate("'a' in params.names && 'a-b' in params.odd"), true);
  assert.equal(await evaluate("params.root > '/a' ? 'after' : 'before'"), "after");
});

Deno.test("evaluateTemplate() has() is false for whatever is absent, anywhere on the path", async () => {
  assert.equal(await evaluate("has(steps['P5-2'].release)"), true);
  assert.equal(await evaluate("has(steps['P5-3'].release)"), false);
  assert.equal(await evaluate("has(steps['P5-3'].files[0].name.more)"), false);
  assert.equal(await evaluate("has(steps['P5-2'].files[0].size)"), true);
  assert.equal(await evaluate("has(steps['P5-2'].files[1].size)"), false);
  assert.equal(await evaluate("has(steps['P5-2'].files[9].size)"), false);
  assert.equal(await evaluate("has(params.odd['none'])"), true);
  assert.equal(await evaluate("has(params.root.length)"), false);
});

Deno.test("evaluateTemplate() sees only what values hold themselves", async () => {
  assert.equal(await evaluate("params.odd['__proto__'] + params.odd.constructor"), "pc");
  for (const name of ["toString", "__proto__", "constructor", "length", "at"]) {
    for (const path of [`params['${name}']`, `params.names['${name}']`, `params.root['${name}']`]) {
      await fails(path, /no member/);
      await fails(`(${path})`, /no member/);
      assert.equal(await evaluate(`has(${path})`), false, path);
    }
    assert.equal(await evaluate(`'${name}' in {'a': 1}`), false);
  }
  const result = await evaluate("{'__proto__': 'x', 'constructor': 'y'}");
  assert.equal(JSON.stringify(result), '{"__proto__":"x","constructor":"y"}');
});

Deno.test("evaluateTemplate() names the expression and what its values lack", async () => {
  await fails("steps['P5-2'].files[2]", /: index 2 is outside the list of 2$/);
  await fails("steps['P5-2'].files[2].name + ''", /: index 2 is outside the list of 2$/);
  await fails("steps['P5-3'].release", /: there is no member "P5-3"$/);
  await fails("params.names['a']", /: a list has no member "a"$/);
  await fails("params.odd[0]", /: there is no member "0"$/);
  await fails("params.count / 0", /: division by zero$/);
  await fails("params.count % 0", /: division by zero$/);
  await fails("params.names[-1]", /: index -1 is outside/);
  await fails("9223372036854775807 + params.count", /beyond 64 bits$/);
  await fails("int('12x')", /: int\(\) cannot convert "12x"$/);
  await fails("double('nan')", /: double\(\) cannot convert "nan"$/);
  await fails("'abc'.substring(2, 1)", /outside the text of 3 characters$/);
  await fails("params.root + params.count", /: there is no string \+ int$/);
});

Deno.test("evaluateTemplate() gives only numbers that JSON holds", async () => {
  assert.equal(await evaluate("9007199254740990 + 1"), Number.MAX_SAFE_INTEGER);
  await fails("9007199254740991 + 1", /too large for a JSON number$/);
  await fails("1.0 / 0.0", /Infinity is no JSON number$/);
  assert.equal(await evaluate("params.large"), 2 ** 53);
});

Deno.test("evaluateTemplate() lets a decided side of && and || hide an error, as CEL does", async () => {
  assert.equal(await evaluate("params.count / 0 > 1 || true"), true);
  assert.equal(await evaluate("params.count / 0 > 1 && false"), false);
  assert.equal(await evaluate("[0, 1].exists(x, 1 / x == 1)"), true);
  assert.equal(await evaluate("[0, 1].all(x, 1 / x == 2)"), false);
  await fails("params.count / 0 > 1 || false", /division by zero/);
  await fails("[0, 1].all(x, 1 / x == 1)", /division by zero/);
  await fails("[0, 1].exists_one(x, 1 / x == 1)", /division by zero/);
});

Deno.test("evaluateTemplate() makes text of scalars, and of nothing else", async () => {
  const text = async (value: Json) =>
    await evaluateTemplate({
      kind: "text",
      parts: [{ kind: "value", value: "v=" }, { kind: "value", value }],
    }, values);
  assert.equal(await text(42), "v=42");
  assert.equal(await text(0.1), "v=0.1");
  assert.equal(await text(false), "v=false");
  assert.equal(await text(""), "v=");
  for (const value of [null, [], {}]) {
    await assert.rejects(text(value), /cannot stand within text/);
  }
});

Deno.test("evaluateTemplate() evaluates within lists and maps", async () => {
  const template: Template = {
    kind: "map",
    entries: Object.fromEntries([
      ["__proto__", { kind: "list", items: [parseExpression("params.root")] }],
      ["n", parseExpression("params.count + 1")],
    ]),
  };
  assert.equal(
    JSON.stringify(await evaluateTemplate(template, values)),
    '{"__proto__":["/opt"],"n":8}',
  );
});

Deno.test("evaluateTemplate() refuses what is not CEL as invalid", async () => {
  await assert.rejects(evaluate("1 +"), (error) => {
    assert.ok(error instanceof InvalidInputError);
    assert.equal(error.message, "${{ 1 + }}: the expression ends too early");
    return true;
  });
});

const long: ExpressionValues = {
  params: {
    list: Array.from({ length: 1000 }, (_, n) => `item ${n}`),
    text: "x".repeat(100_000),
    separator: "-".repeat(10_000),
  },
  steps: {},
};

Deno.test("evaluateTemplate() ends what takes too much work", async () => {
  const doubling = `['x']${".map(a, a + a)".repeat(30)}`;
  for (
    const source of [
      doubling,
      `[[1]]${".map(a, a + a)".repeat(30)}`,
      `${doubling}[0] == '' || true`,
      "params.list.map(a, params.list.map(b, params.list.map(c, c)))",
      "params.list.map(a, params.list.map(b, a + b).join(params.separator))",
      "params.list.map(a, params.text + a)",
      "params.list.map(a, params.text.contains(params.separator))",
      "params.list.exists(a, params.list.map(b, b + a) == params.list)",
    ]
  ) {
    await assert.rejects(
      evaluateTemplate(parseExpression(source), long),
      (error) => error instanceof FailedError && /takes too much work/.test(error.message),
      source,
    );
  }
});

Deno.test("evaluateTemplate() has room for what pipelines do", async () => {
  const source = "params.list.filter(a, !a.endsWith('0')).map(a, '/opt/' + a).join(',')";
  const names = Array.from({ length: 1000 }, (_, n) => `item ${n}`);
  assert.equal(
    await evaluateTemplate(parseExpression(source), long),
    names.filter((name) => !name.endsWith("0")).map((name) => `/opt/${name}`).join(","),
  );
});

Deno.test("evaluateTemplate() refuses a result that is too large", async () => {
  await assert.rejects(
    evaluateTemplate(parseExpression("params.list.map(a, params.list)"), long),
    /the result is too large/,
  );
});

Deno.test("evaluate.ts loads no library before it needs one", async () => {
  const seen = new Set<string>();
  const visit = async (url: URL): Promise<void> => {
    if (seen.has(url.href)) return;
    seen.add(url.href);
    const source = (await Deno.readTextFile(url)).replaceAll(/^import type .*$/gm, "");
    for (const [, specifier] of source.matchAll(/^(?:import|export|\}).*\bfrom "([^"]+)"/gm)) {
      assert.match(specifier!, /^\./, `${url.pathname} imports ${specifier}`);
      await visit(new URL(specifier!, url));
    }
  };
  await visit(new URL("./evaluate.ts", import.meta.url));
  assert.ok(seen.size > 3);
});
