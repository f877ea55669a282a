// flags: none
import assert from "node:assert/strict";
import { encodeStatement, type PipelineStatement, readStatement } from "./pipeline_statement.ts";

const digest = `sha256:${"0a".repeat(32)}`;
const statement: PipelineStatement = {
  schemaVersion: 1,
  pipeline: "apply.yaml",
  files: { "apply.yaml": digest, "../common/lock.yaml": digest, "../../site.yaml": digest },
  steps: { "steps/own.ts": digest },
  code: { "deno.json": digest, "engine/plan": digest },
  lock: { "surfaces.upgrade": digest },
  expires: "2027-01-01T00:00:00Z",
};
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

Deno.test("readStatement() gives back what encodeStatement() wrote, whatever the order of keys", () => {
  const shuffled = Object.fromEntries(Object.entries(statement).reverse()) as unknown;
  const encoded = encodeStatement(shuffled as PipelineStatement);
  assert.deepEqual(encoded, encodeStatement(statement));
  assert.deepEqual(readStatement(encoded), statement);
});

Deno.test("readStatement() takes one spelling only", () => {
  assert.throws(() => readStatement(bytes(statement)), /not in canonical JSON/);
  const text = new TextDecoder().decode(encodeStatement(statement));
  const variants = [`${text}\n`, ` ${text}`, `\ufeff${text}`, text.replace("apply", "\\u0061pply")];
  for (const variant of variants) {
    assert.throws(() => readStatement(new TextEncoder().encode(variant)), {
      name: "InvalidInputError",
    });
  }
  const twice = text.replace('"pipeline":', '"pipeline":"x","pipeline":');
  assert.throws(() => readStatement(new TextEncoder().encode(twice)), /"pipeline" twice/);
  assert.throws(() => readStatement(new Uint8Array([0xff])), /not UTF-8/);
});

Deno.test("readStatement() refuses what is not as it has to be", () => {
  const faults: readonly [object, RegExp][] = [
    [{ schemaVersion: 2 }, /schemaVersion/],
    [{ pipeline: "a/apply.yaml" }, /pipeline/],
    [{ pipeline: "other.yaml" }, /files/],
    [{ files: [] }, /files/],
    [{ files: { "apply.yaml": "sha256:0" } }, /files: "apply.yaml"/],
    [{ files: { "apply.yaml": digest.toUpperCase() } }, /files/],
    [{ steps: undefined }, /steps/],
    [{ code: { "": digest } }, /code/],
    [{ lock: { x: 1 } }, /lock/],
    [{ expires: "2027-01-01" }, /expires/],
    [{ expires: "2027-13-01T00:00:00Z" }, /expires/],
    [{ expires: null }, /expires/],
    [{ more: 1 }, /more/],
  ];
  for (const [change, message] of faults) {
    const encoded = encodeStatement(
      JSON.parse(JSON.stringify({ ...statement, ...change })) as PipelineStatement,
    );
    assert.throws(() => readStatement(encoded), { name: "InvalidInputError", message });
  }
  for (
    const name of [
      "./a",
      "a/../b",
      "a//b",
      "a/",
      "..",
      "../..",
      "a/./b",
      "a\nb",
      "/",
      "/a",
      "/../a",
      "a/..",
    ]
  ) {
    const encoded = encodeStatement({ ...statement, steps: { [name]: digest } });
    assert.throws(() => readStatement(encoded), /steps/, name);
  }
  for (const value of ["[]", "null", "1", '"x"']) {
    assert.throws(() => readStatement(new TextEncoder().encode(value)), /top|JSON/);
  }
});
