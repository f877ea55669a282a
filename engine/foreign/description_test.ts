import assert from "node:assert/strict";
import { readDescription } from "./description.ts";
import { ForeignFault } from "./foreign_fault.ts";

const answer = {
  summary: "Count the lines of a file",
  effect: "none",
  params: { type: "object", properties: { file: { type: "string", sluice: "path" } } },
  facts: { type: "object" },
  permissions: true,
  run: true,
};

Deno.test("readDescription() gives out what was described, and no functions", () => {
  assert.deepEqual(
    readDescription({ ...answer, check: true, holds: true, example: "uses: ./a.ts" }),
    {
      summary: "Count the lines of a file",
      effect: "none",
      holds: true,
      check: true,
      params: { ...answer.params, additionalProperties: false },
      facts: { type: "object", properties: {}, additionalProperties: true },
      example: "uses: ./a.ts",
    },
  );
});

Deno.test("readDescription() refuses what is no step, and says what is wrong", () => {
  const refuses = (value: unknown, message: RegExp) =>
    assert.throws(
      () => readDescription(value),
      (error) => error instanceof ForeignFault && message.test(error.message),
      String(message),
    );
  refuses(null, /its default export is no step/);
  refuses([], /its default export is no step/);
  refuses({ ...answer, name: "x" }, /^name is no member of a step/);
  refuses({ ...answer, effect: "some" }, /^effect has to be one of "none"/);
  refuses({ ...answer, effect: "reversible" }, /^undo is missing/);
  refuses({ ...answer, undo: true }, /^undo has no place in a step whose effect is none/);
  refuses({ ...answer, run: undefined }, /^run has to be a function/);
  refuses({ ...answer, permissions: {} }, /^permissions has to be a function/);
  refuses({ ...answer, check: "x" }, /^check has to be a function/);
  refuses({ ...answer, holds: false }, /^holds has to be true/);
  refuses({ ...answer, summary: "a\nb" }, /^summary has to be one line/);
  refuses({ ...answer, summary: "\x1b[31mred" }, /^summary has to be one line/);
  refuses({ ...answer, summary: "x".repeat(61) }, /^summary has to be one line/);
  refuses({ ...answer, params: undefined }, /^params is missing/);
  refuses({ ...answer, params: { type: "string" } }, /^params has to describe an object/);
  refuses({ ...answer, facts: { type: "array" } }, /^facts has to describe an object/);
  refuses({ ...answer, late: answer.params }, /^late\.properties\.file stands in params as well/);
  refuses({ ...answer, params: { anyOf: [answer.params] }, late: answer.facts }, /^late goes with/);
});
