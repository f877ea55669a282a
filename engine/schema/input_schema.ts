import type { AnyStep } from "../step.ts";
import { type JsonSchema, jsonSchemaOf } from "./json_schema.ts";

/**
 * The JSON Schema of a step's whole input, `params` and `late` together, before parsing: what
 * stands under `with`.
 *
 * @throws Error when both name the same key, or when a step with `late` has parameters that are no
 * plain object: a fault in the step's definition
 */
export function inputSchema(step: AnyStep): JsonSchema {
  const params = jsonSchemaOf(step.params, "input");
  if (step.late === undefined) return params;
  const late = jsonSchemaOf(step.late, "input");
  if (params.type !== "object" || late.type !== "object") {
    throw new Error(`${step.name}: params and late must be plain objects to be given together`);
  }
  const twice = Object.keys(late.properties ?? {}).find((key) =>
    Object.hasOwn(params.properties ?? {}, key)
  );
  if (twice !== undefined) {
    throw new Error(`${step.name} has ${JSON.stringify(twice)} in both params and late`);
  }
  const required = [...params.required ?? [], ...late.required ?? []];
  return {
    type: "object",
    properties: { ...params.properties, ...late.properties },
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

/** The names of the inputs that may come from the facts of earlier steps. */
export function lateKeys(step: AnyStep): ReadonlySet<string> {
  if (step.late === undefined) return new Set();
  return new Set(Object.keys(jsonSchemaOf(step.late, "input").properties ?? {}));
}
