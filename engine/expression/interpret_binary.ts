import type { BinaryOperator } from "@marcbachmann/cel-js";
import { checkInt, type Spend } from "./functions.ts";
import { EvaluationFault, isList, isMap, lift, typeName, type Value } from "./value.ts";

/**
 * Arithmetic, comparisons and `in`. An int meets a double where a whole number came from outside,
 * which has one type of numbers: it is a double then.
 *
 * @throws EvaluationFault for types that do not go together, division by zero, and overflow
 */
export function interpretBinary(op: BinaryOperator, a: Value, b: Value, spend: Spend): Value {
  switch (op) {
    case "==":
      return areEqual(a, b, spend);
    case "!=":
      return !areEqual(a, b, spend);
    case "in":
      return isIn(a, b, spend);
    case "<":
    case "<=":
    case ">":
    case ">=":
      return compare(op, a, b, spend);
    default:
      return calculate(op, a, b, spend);
  }
}

function refuse(op: string, a: Value, b: Value): never {
  throw new EvaluationFault(`there is no ${typeName(a)} ${op} ${typeName(b)}`);
}

function isNumber(value: Value): value is bigint | number {
  return typeof value === "bigint" || typeof value === "number";
}

function areEqual(a: Value, b: Value, spend: Spend): boolean {
  spend(1);
  if (a === b) return true;
  if (isNumber(a) && isNumber(b)) return a == b;
  if (typeof a === "string" && typeof b === "string") {
    spend(a.length === b.length ? a.length : 0);
    return a === b;
  }
  if (isList(a) && isList(b)) {
    return a.length === b.length && a.every((item, n) => areEqual(lift(item), lift(b[n]!), spend));
  }
  if (isMap(a) && isMap(b)) {
    const keys = Object.keys(a);
    spend(keys.length);
    return keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && areEqual(lift(a[key]!), lift(b[key]!), spend));
  }
  return false;
}

function isIn(a: Value, b: Value, spend: Spend): boolean {
  if (isList(b)) return b.some((item) => areEqual(a, lift(item), spend));
  if (isMap(b) && typeof a === "string") return Object.hasOwn(b, a);
  refuse("in", a, b);
}

function compare(op: "<" | "<=" | ">" | ">=", a: Value, b: Value, spend: Spend): boolean {
  const strings = typeof a === "string" && typeof b === "string";
  if (!strings && !(isNumber(a) && isNumber(b))) refuse(op, a, b);
  if (strings) spend(Math.min(a.length, b.length));
  switch (op) {
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
  }
}

function calculate(op: "+" | "-" | "*" | "/" | "%", a: Value, b: Value, spend: Spend): Value {
  if (typeof a === "bigint" && typeof b === "bigint") return calculateInts(op, a, b);
  if (isNumber(a) && isNumber(b) && op !== "%") {
    const [x, y] = [Number(a), Number(b)];
    return op === "+" ? x + y : op === "-" ? x - y : op === "*" ? x * y : x / y;
  }
  if (op === "+" && typeof a === "string" && typeof b === "string") {
    spend(a.length + b.length);
    return a + b;
  }
  if (op === "+" && isList(a) && isList(b)) {
    spend(a.length + b.length);
    return [...a, ...b];
  }
  refuse(op, a, b);
}

function calculateInts(op: "+" | "-" | "*" | "/" | "%", a: bigint, b: bigint): bigint {
  switch (op) {
    case "+":
      return checkInt(a + b);
    case "-":
      return checkInt(a - b);
    case "*":
      return checkInt(a * b);
    default:
      if (b === 0n) throw new EvaluationFault("division by zero");
      return op === "/" ? checkInt(a / b) : a % b;
  }
}
