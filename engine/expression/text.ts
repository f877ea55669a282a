import { EvaluationFault, typeName, type Value } from "./value.ts";

/**
 * A value as it stands within text: an integer in decimal, a double in its shortest form, a boolean
 * as `true` or `false`, a string as it is.
 *
 * @throws EvaluationFault for null, a list or a map, which have no form within text
 */
export function toText(value: Value): string {
  if (value === null || typeof value === "object") {
    throw new EvaluationFault(`${typeName(value)} cannot stand within text`);
  }
  return String(value);
}
