import { FailedError, InvalidInputError } from "../errors.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Template } from "../plan/plan.ts";
import { isKnown, references } from "./analyse.ts";
import { evaluateTemplate } from "./evaluate.ts";

/** What is known when planning. */
export interface KnownValues {
  /** Those parameters whose values are known; the others stay expressions. */
  readonly params: JsonObject;
  readonly item?: Json;
}

/**
 * Evaluates what depends on known values only. A template that is known to its end becomes
 * `{ kind: "value" }`; in any other the known parts do.
 *
 * @throws InvalidInputError when a known part cannot be evaluated, such as an index outside a list
 *
 * @example
 * ```ts
 * import { foldTemplate } from "./fold.ts";
 * import { parseExpression } from "./template.ts";
 * import assert from "node:assert/strict";
 *
 * const known = { params: { root: "/opt" } };
 * assert.deepEqual(await foldTemplate(parseExpression("params.root + '/etc'"), known), {
 *   kind: "value",
 *   value: "/opt/etc",
 * });
 * const late = parseExpression("steps.stage.release");
 * assert.equal(await foldTemplate(late, known), late);
 * ```
 */
export async function foldTemplate(template: Template, known: KnownValues): Promise<Template> {
  switch (template.kind) {
    case "value":
      return template;
    case "path":
    case "cel":
      return dependsOnKnown(template, known) ? await valueOf(template, known) : template;
    case "text": {
      const parts = await foldAll(template.parts, known);
      const folded: Template = { kind: "text", parts };
      return isKnown(folded) ? await valueOf(folded, known) : folded;
    }
    case "list": {
      const items = await foldAll(template.items, known);
      const folded: Template = { kind: "list", items };
      return isKnown(folded) ? await valueOf(folded, known) : folded;
    }
    case "map": {
      const names = Object.keys(template.entries);
      const members = await foldAll(Object.values(template.entries), known);
      const entries = Object.fromEntries(names.map((name, n) => [name, members[n]!]));
      const folded: Template = { kind: "map", entries };
      return isKnown(folded) ? await valueOf(folded, known) : folded;
    }
  }
}

async function foldAll(
  templates: readonly Template[],
  known: KnownValues,
): Promise<readonly Template[]> {
  const folded: Template[] = [];
  for (const template of templates) folded.push(await foldTemplate(template, known));
  return folded;
}

function dependsOnKnown(template: Template, known: KnownValues): boolean {
  const { params, steps, usesItem, usesRun } = references(template);
  return steps.length === 0 && !usesRun && (!usesItem || known.item !== undefined) &&
    params.every((name) => Object.hasOwn(known.params, name));
}

async function valueOf(template: Template, known: KnownValues): Promise<Template> {
  try {
    return { kind: "value", value: await evaluateTemplate(template, { ...known, steps: {} }) };
  } catch (error) {
    if (!(error instanceof FailedError)) throw error;
    const hint = error.hint;
    throw new InvalidInputError(error.message, {
      ...(hint === undefined ? {} : { hint }),
      cause: error,
    });
  }
}
