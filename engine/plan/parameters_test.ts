import assert from "node:assert/strict";
import { parseDocument } from "../document/parse.ts";
import { parseValues } from "../document/parse_values.ts";
import { checkDeclarations, type ParameterSources, readParameters } from "./parameters.ts";

interface Given {
  readonly given?: readonly (readonly [string, string])[];
  readonly values?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const folders = { cwd: "/home/op", pipeline: "/srv/demo" };

function documentOf(params: string) {
  const text = `sluice: v1\nname: x\nparams:\n${params}\nsteps: [{ id: a, uses: b }]\n`;
  const { document, diagnostics } = parseDocument(text, "main.yaml");
  assert.deepEqual(diagnostics, []);
  return document!;
}

function read(params: string, { given = [], values = "", env = {} }: Given = {}) {
  const sources: ParameterSources = {
    given: given.map(([name, text]) => ({ name, text })),
    values: parseValues(values, "values.yaml").values,
    env,
  };
  const { values: found, origins, diagnostics } = readParameters(
    documentOf(params),
    sources,
    folders,
  );
  const said = diagnostics.map(({ span, message, hint }) =>
    `${span.file}:${span.line}:${span.column}: ${message}${hint === undefined ? "" : ` (${hint})`}`
  );
  return { values: found, origins, said, codes: diagnostics.map(({ code }) => code) };
}

Deno.test("readParameters() takes --param, then the file, then the variable, then the default", () => {
  const params = "  a: { type: string, default: d, env: A }";
  const file = { values: "a: f" };
  const env = { env: { A: "e" } };
  assert.equal(read(params, { given: [["a", "g"]], ...file, ...env }).values.a, "g");
  assert.equal(read(params, { ...file, ...env }).values.a, "f");
  assert.equal(read(params, env).values.a, "e");
  assert.equal(read(params).values.a, "d");
  assert.equal(read(params, { env: { A: "" } }).values.a, "");
});

Deno.test("readParameters() says where a value comes from, but not of a default", () => {
  const params = "  a: { type: string, default: d, env: A }";
  const file = { values: "a: f" };
  const env = { env: { A: "e" } };
  assert.equal(read(params, { given: [["a", "g"]], ...file, ...env }).origins["a"], "--param a");
  assert.equal(read(params, { ...file, ...env }).origins["a"], "a in values.yaml");
  assert.equal(read(params, env).origins["a"], "the variable A");
  assert.deepEqual(read(params).origins, {});
});

Deno.test("readParameters() reads texts by their type", () => {
  const cases: readonly [type: string, text: string, value: unknown][] = [
    ["string", " as it is ", " as it is "],
    ["path", "out/../x/", "/home/op/x"],
    ["path", "/", "/"],
    ["url", "http://127.0.0.1:1/a", "http://127.0.0.1:1/a"],
    ["integer", "-12", -12],
    ["number", "0.5", 0.5],
    ["number", "1e3", 1000],
    ["boolean", "false", false],
    ["duration", "1m30s", 90_000],
    ["size", "2KiB", 2048],
    ["secret", "env:KEY", "env:KEY"],
    ["secret", "file:keys/a.pem", "file:/home/op/keys/a.pem"],
    ["list", "a, b", ["a", "b"]],
    ["list", "", []],
    ["list", '["a,b"]', ["a,b"]],
    ["list, items: path", "a,/b", ["/home/op/a", "/b"]],
    ["list, items: integer", "[1, 2]", [1, 2]],
    ["list, items: duration", "1s,2s", [1000, 2000]],
    ["list, items: map", '[{"a": "b"}]', [{ a: "b" }]],
    ["map", '{"a": "b"}', { a: "b" }],
  ];
  for (const [type, text, value] of cases) {
    const { values, said } = read(`  p: { type: ${type} }`, { given: [["p", text]] });
    assert.deepEqual(said, [], `${type} ${text}`);
    assert.deepEqual(values.p, value, `${type} ${text}`);
  }
});

Deno.test("readParameters() reads YAML values by their type, relative to where the user stands", () => {
  const cases: readonly [type: string, yaml: string, value: unknown][] = [
    ["path", "x", "/home/op/x"],
    ["integer", "3", 3],
    ["number", "3", 3],
    ["boolean", "true", true],
    ["duration", "5s", 5000],
    ["size", "512", 512],
    ["size", "1KiB", 1024],
    ["list", "one", ["one"]],
    ["list", "[a, b]", ["a", "b"]],
    ["map", "{ a: b }", { a: "b" }],
  ];
  for (const [type, yaml, value] of cases) {
    const { values, said } = read(`  p: { type: ${type} }`, { values: `p: ${yaml}` });
    assert.deepEqual(said, [], `${type} ${yaml}`);
    assert.deepEqual(values.p, value, `${type} ${yaml}`);
  }
});

Deno.test("readParameters() takes paths of defaults relative to the pipeline", () => {
  const params = '  p: { type: path, default: x }\n  k: { type: secret, default: "file:k" }';
  assert.deepEqual(read(params).values, { p: "/srv/demo/x", k: "file:/srv/demo/k" });
});

Deno.test("readParameters() tells all faults at once, with where each value came from", () => {
  const { said } = read(
    `  root: { type: path, env: ROOT }
  wait: { type: duration }
  hosts: { type: list, items: url, env: HOSTS }
  stage: { type: string, choices: [dev, prod] }
  count: { type: integer }
  labels: { type: map }
  zero: { type: string, env: ZERO }
  ok: { type: boolean, default: false }`,
    {
      given: [["rot", "/x"], ["wait", "30"], ["stage", "pord"], ["ok", "yes"], ["ok", "no"]],
      values: "count: '5'\nlabels: { a: 1 }\nextra: 1\n",
      env: { ROOT: "a,b", HOSTS: "http://a/,nope,ftp://x" },
    },
  );
  assert.deepEqual(said, [
    '--param rot:1:1: the pipeline has no parameter "rot" (did you mean "root"?)',
    '--param ok:1:1: parameter "ok" is given twice (a list is given as one: a,b)',
    'values.yaml:3:8: the pipeline has no parameter "extra" (known here: count, hosts, labels, ok, root, stage, wait, zero)',
    'variable ROOT:1:1: parameter "root" must be a path, not the text "a,b" (write for example /srv/app; it holds no comma and no line break)',
    '--param wait:1:1: parameter "wait" must be a duration, not the text "30" (add the unit: 30s or 30ms)',
    'variable HOSTS:1:1: an element of parameter "hosts" must be an http or https URL without credentials in it, not the text "nope" (write for example http://127.0.0.1:8080/healthz)',
    'variable HOSTS:1:1: an element of parameter "hosts" must be an http or https URL without credentials in it, not the text "ftp://x" (write for example http://127.0.0.1:8080/healthz)',
    '--param stage:1:1: parameter "stage" must be one of dev, prod, not pord (did you mean "prod"?)',
    'values.yaml:1:8: parameter "count" must be a whole number, not the text "5" (remove the quotes)',
    'values.yaml:2:9: parameter "labels" must be a mapping to texts, not a mapping (write { key: "value" } in YAML, or {"key": "value"} on the command line)',
    'main.yaml:10:3: parameter "zero" has no value (give it: --param zero=…, or set the variable ZERO)',
    '--param ok:1:1: parameter "ok" must be true or false, not the text "yes"',
  ]);
});

Deno.test("readParameters() never repeats what was given for a secret", () => {
  const params = "  key: { type: secret }\n  at: { type: url }";
  const { said, codes } = read(params, {
    given: [["key", "hunter2"], ["at", "http://me:hunter2@host/"]],
  });
  assert.equal(said.length, 2);
  assert.deepEqual(codes, ["literal-secret", "literal-secret"]);
  assert.ok(!said.join().includes("hunter2"));
  const list = read(params, { values: "key: [hunter2]\n" });
  assert.deepEqual(list.codes.slice(0, 1), ["literal-secret"]);
  assert.ok(!list.said.join().includes("hunter2"));
  const file = read(params, { values: "key: hunter2\nat: http://hunter2@host/\n" });
  assert.ok(file.said.length === 2 && !file.said.join().includes("hunter2"));
});

Deno.test("readParameters() holds numbers to their bounds, whoever gives them", () => {
  const params = `  port: { type: integer, minimum: 1, maximum: 65535, default: 80, env: PORT }
  part: { type: number, maximum: 0.5, default: 0.2 }
  wait: { type: integer, minimum: 0, default: 0 }`;
  const good = read(params, { given: [["port", "65535"], ["part", "0.5"], ["wait", "0"]] });
  assert.deepEqual(good.values, { port: 65535, part: 0.5, wait: 0 });
  const bad = read(params, { given: [["port", "0"], ["part", "0.6"], ["wait", "-1"]] });
  assert.deepEqual(bad.said, [
    '--param port:1:1: parameter "port" must be from 1 to 65535, not 0',
    '--param part:1:1: parameter "part" must be at most 0.5, not 0.6',
    '--param wait:1:1: parameter "wait" must be at least 0, not -1',
  ]);
});

Deno.test("checkDeclarations() holds defaults to the bounds, and bounds to each other", () => {
  const said = (params: string) =>
    checkDeclarations(documentOf(params), "/").map(({ message }) => message);
  assert.deepEqual(said("  a: { type: integer, minimum: 2, default: 1 }"), [
    'parameter "a" must be at least 2, not 1',
  ]);
});

Deno.test("readParameters() takes no list with a comma too many", () => {
  for (const text of ["a,,b", "a,", ",a", "a, ,b", ","]) {
    assert.deepEqual(read("  p: { type: list }", { given: [["p", text]] }).said, [
      '--param p:1:1: parameter "p" has an empty element ' +
      '(leave out the comma; an empty text is written as JSON: ["a", ""])',
    ]);
  }
  const meant = read("  p: { type: list }", { given: [["p", '["a", ""]']] });
  assert.deepEqual(meant.values.p, ["a", ""]);
});

Deno.test("readParameters() holds every element of a list to its choices", () => {
  const params = "  p: { type: list, items: integer, choices: [1, 2], default: [1] }";
  assert.deepEqual(read(params, { given: [["p", "2,1"]] }).values.p, [2, 1]);
  assert.match(read(params, { given: [["p", "2,3"]] }).said[0]!, /one of 1, 2, not 3/);
});

Deno.test("checkDeclarations() tells faulty defaults and choices without any value", () => {
  const document = documentOf(
    `  a: { type: integer, default: x }
  b: { type: duration, choices: [1s, soon], default: 2s }
  c: { type: string, default: "\${{ 1 }}" }
  d: { type: list, default: [a, 1] }`,
  );
  assert.deepEqual(
    checkDeclarations(document, "/srv").map(({ span, message }) => `${span.line}: ${message}`),
    [
      '4: parameter "a" must be a whole number, not the text "x"',
      '5: a choice of parameter "b" must be a duration, not the text "soon"',
      '5: parameter "b" must be one of 1s, not 2s',
      "6: a default cannot hold an expression",
      '7: an element of parameter "d" must be a text, not the number 1',
    ],
  );
});
