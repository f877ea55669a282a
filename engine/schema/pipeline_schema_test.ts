import assert from "node:assert/strict";
import { Ajv } from "ajv";
import * as v from "valibot";
import { parse } from "yaml";
import { parseDocument } from "../document/parse.ts";
import { none } from "../permissions/permissions.ts";
import { makeRegistry } from "../registry.ts";
import { defineStep } from "../step.ts";
import { pipelineSchema } from "./pipeline_schema.ts";
import { duration, path, secret, size, url } from "./types.ts";

const probe = defineStep({
  name: "http.probe",
  summary: "Ask a URL",
  effect: "none",
  params: v.strictObject({ url: url() }),
  facts: v.strictObject({ status: v.number() }),
  example: "uses: http.probe\nwith: { url: http://127.0.0.1/ }",
  permissions: () => ({ run: none }),
  run: () => Promise.resolve({ status: 200 }),
});

const every = defineStep({
  name: "demo.every",
  summary: "Take every kind of input",
  effect: "none",
  params: v.strictObject({
    root: path(),
    key: v.optional(secret()),
    wait: v.optional(duration(), 5_000),
    most: v.optional(size()),
    count: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
    force: v.optional(v.boolean(), false),
    mode: v.optional(v.picklist(["fast", "safe"])),
    health: v.optional(v.union([v.literal("none"), url()])),
    roots: v.optional(v.array(path())),
    labels: v.optional(v.record(v.string(), v.string())),
    probe: v.optional(v.variant("kind", [
      v.strictObject({ kind: v.literal("url"), url: url() }),
      v.strictObject({ kind: v.literal("file"), path: path() }),
    ])),
  }),
  late: v.strictObject({ release: v.string() }),
  facts: v.strictObject({}),
  example: "uses: demo.every\nwith: { root: /srv, release: a }",
  permissions: () => ({ run: none }),
  run: () => Promise.resolve({}),
});

const schema = pipelineSchema(makeRegistry([probe, every]));
const validate = new Ajv({ strict: true, strictTypes: false, strictRequired: false }).compile(
  schema,
);

/** `undefined` when the schema accepts, else what it says. */
function judge(pipeline: unknown): string | undefined {
  return validate(pipeline) ? undefined : JSON.stringify(validate.errors);
}

function step(rest: Record<string, unknown>): unknown {
  return { sluice: "v1", name: "demo", steps: [{ id: "a", ...rest }] };
}

function input(rest: Record<string, unknown>): string | undefined {
  return judge(step({ uses: "demo.every", with: { root: "/srv", release: "a", ...rest } }));
}

const golden = new URL("../../tests/golden/", import.meta.url);

for (const kind of ["good", "bad"] as const) {
  for (const { name } of Deno.readDirSync(new URL(`${kind}/`, golden))) {
    if (!name.endsWith(".yaml")) continue;
    const text = Deno.readTextFileSync(new URL(`${kind}/${name}`, golden));
    const fault = /^# fault: (\w+)/.exec(text)?.[1];
    if (kind === "bad" && fault === "syntax") continue;
    const refuses = kind === "bad" && fault === "shape";
    Deno.test(`pipelineSchema() ${refuses ? "refuses" : "accepts"} ${kind}/${name}`, () => {
      const said = judge(parse(text));
      if (refuses) assert.notEqual(said, undefined);
      else assert.equal(said, undefined);
    });
  }
}

Deno.test("pipelineSchema() judges as the parser does on shapes", () => {
  const cases: readonly unknown[] = [
    step({ uses: "http.probe", with: { url: "http://a/" }, when: true }),
    step({ uses: "http.probe", with: { url: "http://a/" }, when: "" }),
    step({ uses: "http.probe", with: { url: "http://a/" }, when: 1 }),
    step({ uses: "http.probe", with: { url: "http://a/" }, timeout: 5 }),
    step({ uses: "http.probe", with: { url: "http://a/" }, timeout: "0s" }),
    step({ uses: "http.probe", with: { url: "http://a/" }, timeout: "1m30s" }),
    step({ uses: "http.probe", with: { url: "http://a/" }, retry: { attempts: 0 } }),
    step({ uses: "http.probe", with: { url: "http://a/" }, retry: { attempts: 2, jitter: "5%" } }),
    step({ uses: "http.probe", with: { url: "http://a/" }, max_parallel: 2 }),
    step({ uses: "http.probe", with: { url: "http://a/" }, for_each: [], max_parallel: 2 }),
    step({ uses: "http.probe", with: { url: "http://a/" }, for_each: "${{ params.x }}" }),
    step({ uses: "http.probe", with: { url: "http://a/" }, for_each: "x" }),
    step({ uses: "http.probe", with: { url: "http://a/" }, needs: [1] }),
    step({ uses: "http.probe", with: { url: "http://a/" }, file: "x.yaml" }),
    step({ uses: "pipeline", file: "x.yaml", params: { a: 1 }, when: "true", needs: [] }),
    step({ uses: "pipeline", file: "x.yaml", with: {} }),
    step({ uses: "pipeline", file: "x.yaml", timeout: "5s" }),
    step({ uses: "pipeline" }),
    step({ id: "undo", uses: "http.probe", with: { url: "http://a/" } }),
    step({ id: "_a", uses: "http.probe", with: { url: "http://a/" } }),
    { sluice: "v2", name: "x", steps: [] },
    { sluice: "v1", name: "x", steps: [] },
    { sluice: "v1", name: "x", steps: [], finally: null },
  ];
  for (const pipeline of cases) {
    const text = JSON.stringify(pipeline, undefined, 1);
    const parser = parseDocument(text, "x.json").diagnostics.map(({ message }) => message);
    const editor = judge(pipeline);
    assert.equal(editor === undefined, parser.length === 0, `${text}\n${parser}\n${editor}`);
  }
});

Deno.test("pipelineSchema() accepts values as authors write them", () => {
  for (
    const good of [
      {},
      { root: "./relative" },
      { root: "${{ params.root }}/sub" },
      { key: "env:KEY", wait: "1m30s", most: "64MiB", count: 3, force: true, mode: "fast" },
      { wait: "${{ params.wait }}", most: 512, count: "${{ 1 + 1 }}", force: "${{ true }}" },
      { mode: "${{ params.mode }}", health: "none" },
      { health: "http://127.0.0.1:1/healthz?x=1", roots: ["a", "${{ params.b }}"] },
      { roots: "${{ params.roots }}", labels: { team: "core", x: "${{ params.x }}" } },
      { probe: { kind: "url", url: "https://example.org" } },
      { probe: "${{ params.probe }}" },
      { release: "${{ steps['P5-2'].release }}" },
    ]
  ) assert.equal(input(good), undefined, JSON.stringify(good));
});

Deno.test("pipelineSchema() refuses values of the wrong type and unknown keys at any depth", () => {
  for (
    const bad of [
      { rot: "/srv" },
      { root: 1 },
      { root: "a,b" },
      { key: "hunter2" },
      { wait: "soon" },
      { wait: 5 },
      { most: -1 },
      { most: "1 MB" },
      { count: 0 },
      { count: "3" },
      { count: "a ${{ params.n }}" },
      { force: "true" },
      { mode: "slow" },
      { health: "ftp://x/" },
      { roots: "a" },
      { roots: [1] },
      { labels: { team: 1 } },
      { probe: { kind: "url", path: "/" } },
      { probe: { kind: "file", path: "/", more: 1 } },
    ]
  ) assert.notEqual(input(bad), undefined, JSON.stringify(bad));
});

Deno.test("pipelineSchema() has one branch a step: required input, unknown steps", () => {
  assert.notEqual(judge(step({ uses: "http.probe" })), undefined);
  assert.notEqual(judge(step({ uses: "http.prob", with: {} })), undefined);
  assert.notEqual(judge(step({ uses: "demo.every", with: { root: "/srv" } })), undefined);
});

Deno.test("pipelineSchema() describes steps and input from the definitions", () => {
  const text = JSON.stringify(schema);
  assert.ok(text.includes('{"const":"http.probe","description":"Ask a URL"}'));
  assert.ok(text.includes('"default":"5s"'));
  assert.ok(!text.includes('"sluice":"'));
});

Deno.test("pipelineSchema() judges parameters by their type", () => {
  const cases: readonly [Record<string, unknown>, boolean][] = [
    [{ type: "string", default: "a" }, true],
    [{ type: "string", default: 1 }, false],
    [{ type: "path", default: "./a" }, true],
    [{ type: "duration", default: "10s" }, true],
    [{ type: "duration", default: 10 }, false],
    [{ type: "secret", default: "env:A" }, true],
    [{ type: "secret", default: "hunter2" }, false],
    [{ type: "list", default: ["a"] }, true],
    [{ type: "list", default: "a" }, true],
    [{ type: "list", default: [1] }, false],
    [{ type: "list", items: "integer", default: [1], choices: [1, 2] }, true],
    [{ type: "list", items: "integer", default: ["a"] }, false],
    [{ type: "string", items: "integer" }, false],
    [{ type: "map", default: { a: "b" } }, true],
    [{ type: "map", default: { a: 1 } }, false],
    [{ type: "integer", choices: ["a"] }, false],
    [{ type: "text" }, false],
  ];
  const steps = [{ id: "a", uses: "http.probe", with: { url: "http://a/" } }];
  for (const [parameter, good] of cases) {
    const said = judge({ sluice: "v1", name: "x", params: { p: parameter }, steps });
    assert.equal(said === undefined, good, `${JSON.stringify(parameter)} ${said}`);
  }
});
