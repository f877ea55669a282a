import type { Json } from "../json.ts";

/** A value inside an expression: as outside, but integers are bigint. */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | readonly Value[]
  | { readonly [key: string]: Value };

export type ValueMap = { readonly [key: string]: Value };

/** What went wrong with the values of an expression; its message becomes part of the error raised. */
export class EvaluationFault extends Error {
  override readonly name = "EvaluationFault";
}

/** Makes an integer that came from outside an integer of CEL. */
export function lift(value: Value): Value {
  return typeof value === "number" && Number.isSafeInteger(value) && !Object.is(value, -0)
    ? BigInt(value)
    : value;
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isMap(value: Value): value is ValueMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The name of a value's type, for messages. */
export function typeName(value: Value): string {
  if (value === null) return "null";
  if (isList(value)) return "list";
  switch (typeof value) {
    case "bigint":
      return "int";
    case "number":
      return "double";
    case "boolean":
      return "bool";
    case "object":
      return "map";
    default:
      return "string";
  }
}

/**
 * Follows one name or index. Sees only what a value holds itself, never what JavaScript gives every
 * object or array.
 *
 * @throws EvaluationFault when there is nothing
 */
export function readMember(value: Value, key: Value): Value {
  if (isList(value)) {
    if (typeof key !== "bigint" && typeof key !== "number") {
      throw new EvaluationFault(`a list has no member ${show(key)}`);
    }
    const item = Number.isInteger(Number(key)) ? value[Number(key)] : undefined;
    if (item === undefined) {
      throw new EvaluationFault(`index ${key} is outside the list of ${value.length}`);
    }
    return item;
  }
  if (isMap(value)) {
    const member = typeof key === "string" && Object.hasOwn(value, key) ? value[key] : undefined;
    if (member === undefined) throw new EvaluationFault(`there is no member ${show(key)}`);
    return member;
  }
  throw new EvaluationFault(`${typeName(value)} has no members, so no ${show(key)}`);
}

/** The key for a message: quoted, and cut where it is long. */
function show(key: Value): string {
  return JSON.stringify(String(key).slice(0, 80));
}

const largestResult = 1_000_000;

/**
 * The value as JSON, for the world outside.
 *
 * @throws EvaluationFault for an integer that a JSON number cannot hold, a number that is not
 * finite, and more than a million characters and members
 */
export function toJson(value: Value): Json {
  let left = largestResult;
  const convert = (value: Value): Json => {
    left -= typeof value === "string" ? 1 + value.length : 1;
    if (left < 0) {
      throw new EvaluationFault(`the result is too large: over ${largestResult} characters`);
    }
    if (typeof value === "bigint") {
      if (value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER) {
        return Number(value);
      }
      throw new EvaluationFault(`the integer ${value} is too large for a JSON number`);
    }
    if (typeof value === "number" && !Number.isFinite(value)) {
      throw new EvaluationFault(`the result ${value} is no JSON number`);
    }
    if (isList(value)) return value.map(convert);
    if (isMap(value)) {
      return Object.fromEntries(
        Object.entries(value).map(([key, member]) => {
          left -= key.length;
          return [key, convert(member)];
        }),
      );
    }
    return value;
  };
  return convert(value);
}
