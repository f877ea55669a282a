import type { Parameter } from "../document/document.ts";

/**
 * A type of an expression: CEL's, as far as JSON has values of them, with named members
 * (`object`), null as an alternative (`nullable`), and `never`, the type of what an empty list holds.
 */
export type CelType =
  | { readonly kind: "string" | "int" | "double" | "bool" | "null" | "dyn" | "never" }
  | { readonly kind: "list"; readonly items: CelType }
  /** Its keys are strings. */
  | { readonly kind: "map"; readonly values: CelType }
  | ObjectType
  | { readonly kind: "nullable"; readonly of: CelType };

/** A map whose members are known by name. */
export interface ObjectType {
  readonly kind: "object";
  readonly fields: Readonly<Record<string, Field>>;
  /** The type of members that are not named; absent where there are none. */
  readonly rest?: CelType;
  /** Whether a value with more members than these is refused where this type is wanted. */
  readonly closed: boolean;
}

export interface Field {
  readonly type: CelType;
  /** It may be absent: to be guarded with `has()`. */
  readonly optional: boolean;
}

export const stringType: CelType = { kind: "string" };
export const intType: CelType = { kind: "int" };
export const doubleType: CelType = { kind: "double" };
export const boolType: CelType = { kind: "bool" };
export const nullType: CelType = { kind: "null" };
/** Nothing is known about the value when planning. */
export const dynType: CelType = { kind: "dyn" };
export const neverType: CelType = { kind: "never" };

/** The type of a list of `items`. */
export function listOf(items: CelType): CelType {
  return { kind: "list", items };
}

/** The type of a map from strings to `values`. */
export function mapOf(values: CelType): CelType {
  return { kind: "map", values };
}

/** The same type with null added. */
export function nullable(type: CelType): CelType {
  return type.kind === "nullable" || type.kind === "null" || type.kind === "dyn"
    ? type
    : { kind: "nullable", of: type };
}

/** The type of a parameter's value as expressions see it. */
export function celTypeOfParameter(parameter: Pick<Parameter, "type" | "items">): CelType {
  const type = parameter.type.value;
  return type === "list" ? listOf(ofName(parameter.items?.value ?? "string")) : ofName(type);
}

function ofName(name: Exclude<Parameter["type"]["value"], "list">): CelType {
  switch (name) {
    case "string":
    case "path":
    case "url":
    case "secret":
      return stringType;
    case "integer":
    case "duration":
    case "size":
      return intType;
    case "number":
      return doubleType;
    case "boolean":
      return boolType;
    case "map":
      return mapOf(stringType);
  }
}

/**
 * The type as a person would say it.
 *
 * @example
 * ```ts
 * import { listOf, showType, stringType } from "./cel_type.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(showType(listOf(stringType)), "list<string>");
 * ```
 */
export function showType(type: CelType): string {
  switch (type.kind) {
    case "list":
      return type.items.kind === "never" ? "empty list" : `list<${showType(type.items)}>`;
    case "map":
      return `map<string, ${showType(type.values)}>`;
    case "nullable":
      return `${showType(type.of)} or null`;
    case "object": {
      const names = Object.entries(type.fields).map(([name, { optional, type }]) =>
        `${name}${optional ? "?" : ""}: ${showType(type)}`
      );
      const shown = names.length > 6 ? [...names.slice(0, 5), "…"] : names;
      return `{${shown.join(", ")}}`;
    }
    default:
      return type.kind;
  }
}

/**
 * Whether every value of type `from` may stand where `to` is wanted. An int may stand for a double,
 * as in JSON; nothing but `dyn` takes a `dyn`.
 */
export function isAssignable(from: CelType, to: CelType): boolean {
  if (to.kind === "dyn" || from.kind === "never") return true;
  if (to.kind === "nullable") {
    return from.kind === "null" || isAssignable(from.kind === "nullable" ? from.of : from, to.of);
  }
  if (to.kind === "double" && from.kind === "int") return true;
  if (from.kind === "list" && to.kind === "list") return isAssignable(from.items, to.items);
  if (from.kind === "map" && to.kind === "map") return isAssignable(from.values, to.values);
  if (from.kind === "object" && to.kind === "map") {
    return valueTypes(from).every((type) => isAssignable(type, to.values));
  }
  if (from.kind === "object" && to.kind === "object") return isObjectAssignable(from, to);
  return isScalar(from) && from.kind === to.kind;
}

function isObjectAssignable(from: ObjectType, to: ObjectType): boolean {
  const missing = Object.entries(to.fields).some(([name, field]) =>
    !field.optional && (fieldOf(from, name)?.optional ?? true)
  );
  if (missing || (to.closed && from.rest !== undefined)) return false;
  const others = Object.entries(from.fields).every(([name, { type }]) => {
    const wanted = fieldOf(to, name)?.type ?? to.rest;
    return wanted === undefined ? !to.closed : isAssignable(type, wanted);
  });
  const wantedRest = to.rest ?? dynType;
  return others && (from.rest === undefined || isAssignable(from.rest, wantedRest));
}

/** The member of that name, never one that objects of JavaScript have by nature. */
export function fieldOf(type: ObjectType, name: string): Field | undefined {
  return Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
}

/**
 * The narrowest type that holds the values of both, for branches and elements of lists; `undefined`
 * where CEL has none. Unlike {@linkcode isAssignable} it does not make an int a double.
 */
export function unify(a: CelType, b: CelType): CelType | undefined {
  if (a.kind === "never") return b;
  if (b.kind === "never") return a;
  if (a.kind === "dyn" || b.kind === "dyn") return dynType;
  if (a.kind === "null") return nullable(b);
  if (b.kind === "null") return nullable(a);
  if (a.kind === "nullable" || b.kind === "nullable") {
    const both = unify(a.kind === "nullable" ? a.of : a, b.kind === "nullable" ? b.of : b);
    return both && nullable(both);
  }
  if (a.kind === "list" && b.kind === "list") {
    const items = unify(a.items, b.items);
    return items && listOf(items);
  }
  if (a.kind === "object" && b.kind === "object") return unifyObjects(a, b);
  if (isMap(a) && isMap(b)) {
    const values = unifyAll([...valueTypes(a), ...valueTypes(b)]);
    return values && mapOf(values);
  }
  return isScalar(a) && a.kind === b.kind ? a : undefined;
}

/** As {@linkcode unify}, over any number of types; `never` for none. */
export function unifyAll(types: readonly CelType[]): CelType | undefined {
  let all: CelType | undefined = neverType;
  for (const type of types) all = all && unify(all, type);
  return all;
}

function unifyObjects(a: ObjectType, b: ObjectType): CelType | undefined {
  const fields: [string, Field][] = [];
  for (const name of new Set([...Object.keys(a.fields), ...Object.keys(b.fields)])) {
    const [x, y] = [fieldOf(a, name), fieldOf(b, name)];
    const type = unifyAll([x, y].flatMap((field) => field === undefined ? [] : [field.type]));
    if (type === undefined) return undefined;
    fields.push([name, { type, optional: (x?.optional ?? true) || (y?.optional ?? true) }]);
  }
  const rest = unifyAll([a.rest, b.rest].flatMap((type) => type === undefined ? [] : [type]));
  return {
    kind: "object",
    fields: Object.fromEntries(fields),
    ...(a.rest ?? b.rest ? { rest: rest ?? dynType } : {}),
    closed: a.closed && b.closed,
  };
}

function isScalar(type: CelType): boolean {
  return ["string", "int", "double", "bool", "null"].includes(type.kind);
}

function isMap(type: CelType): type is Extract<CelType, { kind: "map" | "object" }> {
  return type.kind === "map" || type.kind === "object";
}

/** The types of all values that such a map may hold. */
function valueTypes(type: Extract<CelType, { kind: "map" | "object" }>): readonly CelType[] {
  if (type.kind === "map") return [type.values];
  const named = Object.values(type.fields).map((field) => field.type);
  return type.rest === undefined ? named : [...named, type.rest];
}

export { celTypeOfJsonSchema } from "./cel_type_of_json_schema.ts";
