/**
 * A scope with something of every type, and how expressions are judged in it. Of the tests.
 *
 * @module
 */
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

/** Parameters of every type, a step that has run, and two that may have none of their facts. */
export const scope: TypeScope = {
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

/** The type of an expression, as people read it, or what is wrong with it. */
export function typeOf(source: string, place: "whole" | "text" = "whole"): string {
  const checked = checkExpression(source, scope, place);
  if ("faults" in checked) return checked.faults.map(({ message }) => message).join("; ");
  return showType(checked.type);
}

/** Each fault as code, what it points at, message, hint. */
export function faults(source: string, more: Partial<TypeScope> = {}): readonly string[] {
  const checked = checkExpression(source, { ...scope, ...more });
  assert.ok("faults" in checked, `${source} passes`);
  return checked.faults.map(({ code, message, hint, offset, length }) =>
    `${code} [${source.slice(offset, offset + length)}] ${message} | ${hint ?? ""}`
  );
}

/** Fails where one of these has a fault. */
export function passes(...sources: readonly string[]): void {
  for (const source of sources) {
    const checked = checkExpression(source, scope);
    assert.ok("type" in checked, `${source}: ${JSON.stringify(checked)}`);
  }
}
