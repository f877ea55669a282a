// flags: --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { nodeToJson } from "./node_to_json.ts";
import { parseDocument } from "./parse.ts";

function parse(lines: readonly string[]) {
  const text = ["sluice: v1", "name: demo", ...lines, ""].join("\n");
  const { document, diagnostics } = parseDocument(text, "demo.yaml");
  assert.deepEqual(diagnostics, []);
  return document!;
}

Deno.test("parseDocument() reads every key of a step", () => {
  const document = parse([
    "every: 1m ± 10%",
    "steps:",
    "  - id: P5-1",
    "    uses: http.probe",
    "    summary: Probe it",
    "    with: { url: http://127.0.0.1/ }",
    "    needs: [a, b]",
    "    retry: { attempts: 3, delay: 500ms, max_delay: 1m, jitter: 5% }",
    "    timeout: 1m30s",
    "    on_failure: continue",
    "    commit: true",
    "    for_each: [x]",
    "    max_parallel: 4",
  ]);
  assert.deepEqual(document.every?.value, { period_ms: 60_000, jitter: 0.1 });
  const [step] = document.steps;
  assert.equal(step?.id.value, "P5-1");
  assert.equal(step?.timeout?.value, 90_000);
  assert.deepEqual(step?.retry?.value, {
    attempts: 3,
    delay_ms: 500,
    max_delay_ms: 60_000,
    jitter: 0.05,
  });
  assert.deepEqual(step?.needs?.value.map(({ value }) => value), ["a", "b"]);
  assert.deepEqual(nodeToJson(step!.with!), { url: "http://127.0.0.1/" });
  assert.equal(step?.commit?.value, true);
  assert.equal(step?.on_failure?.value, "continue");
  assert.equal(step?.max_parallel?.value, 4);
});

Deno.test("parseDocument() takes retry's other values from their defaults", () => {
  const { steps } = parse(["steps: [{ id: a, uses: x.y, retry: { attempts: 2 } }]"]);
  assert.deepEqual(steps[0]?.retry?.value, {
    attempts: 2,
    delay_ms: 1_000,
    max_delay_ms: 30_000,
    jitter: 0.2,
  });
});

Deno.test("parseDocument() leaves absent keys out", () => {
  const { steps } = parse(["steps: [{ id: a, uses: x.y }]"]);
  assert.deepEqual(Object.keys(steps[0]!).sort(), ["id", "span", "uses"]);
});

Deno.test("parseDocument() places a condition where its source begins", () => {
  const { steps } = parse([
    "steps:",
    "  - { id: a, uses: x.y, when: '${{ params.a }}' }",
    "  - id: b",
    "    uses: x.y",
    "    when: params.b == 1",
    "  - id: c",
    "    uses: x.y",
    "    when: false",
  ]);
  const places = steps.map(({ when }) => [when?.value, when?.span.line, when?.span.column]);
  assert.deepEqual(places, [["params.a", 4, 36], ["params.b == 1", 7, 11], ["false", 10, 11]]);
});

Deno.test("parseDocument() stores the params of an included pipeline in `with`", () => {
  const { steps } = parse([
    "steps: [{ id: a, uses: pipeline, file: ./b.yaml, params: { x: 1 } }]",
  ]);
  assert.equal(steps[0]?.file?.value, "./b.yaml");
  assert.deepEqual(nodeToJson(steps[0]!.with!), { x: 1 });
});

Deno.test("parseDocument() keeps a document in spite of faults that hide no name", () => {
  const text = "sluice: v1\nname: demo\nsteps: [{ id: a, uses: x.y, timeout: soon, nope: 1 }]\n";
  const { document, diagnostics } = parseDocument(text, "demo.yaml");
  assert.deepEqual(diagnostics.map(({ code }) => code), ["bad-duration", "unknown-key"]);
  assert.equal(document?.steps[0]?.timeout, undefined);
});

Deno.test("parseDocument() lets something stand in for an id that is missing or wrong", () => {
  const text = "sluice: v1\nname: demo\nsteps: [{ uses: x.y }, { id: a b, uses: x.y }]\n";
  const { document, diagnostics } = parseDocument(text, "demo.yaml");
  assert.deepEqual(diagnostics.map(({ code }) => code), ["missing-key", "bad-id"]);
  assert.deepEqual(document?.steps.map(({ id }) => id.value), ["?3", "a b"]);
});

Deno.test("parseDocument() gives no document when something is no step at all", () => {
  const text = "sluice: v1\nname: demo\nsteps: [x.y]\n";
  assert.equal(parseDocument(text, "demo.yaml").document, undefined);
});
