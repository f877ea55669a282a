import { boolType, type CelType, doubleType, dynType, intType } from "./cel_type.ts";
import { listOf, mapOf, stringType } from "./cel_type.ts";
import { EvaluationFault, isList, isMap, type Value, type ValueMap } from "./value.ts";

/** Counts work; throws when there has been too much. */
export type Spend = (amount: number) => void;

/** One overload of a function of CEL: what the checker knows of it, and what it does. */
export interface CelFunction {
  readonly name: string;
  /** A method has a receiver, which is the first argument of `apply`. */
  readonly receiver?: CelType;
  readonly params: readonly CelType[];
  readonly result: CelType;
  apply(args: readonly Value[], spend: Spend): Value;
}

/** Macros that go through a list, or the keys of a map: their arguments are expressions over a name. */
export const comprehensions: Readonly<Record<string, readonly number[]>> = {
  all: [2],
  exists: [2],
  exists_one: [2],
  filter: [2],
  map: [2, 3],
};

const anyList = listOf(dynType);
const anyMap = mapOf(dynType);

/**
 * The functions that expressions may use: those of CEL that work on JSON's values in bounded time.
 * `matches` is not among them: a pattern can take half a minute on 31 characters.
 */
export const functions: readonly CelFunction[] = [
  ...sizes("size"),
  ...conversions(),
  on("contains", [stringType], boolType, (text: string, part: string, spend) => {
    spend(searchCost(text, part));
    return text.includes(part);
  }),
  on("startsWith", [stringType], boolType, (text: string, part: string, spend) => {
    spend(part.length);
    return text.startsWith(part);
  }),
  on("endsWith", [stringType], boolType, (text: string, part: string, spend) => {
    spend(part.length);
    return text.endsWith(part);
  }),
  on("indexOf", [stringType], intType, (text: string, part: string, spend) => {
    spend(searchCost(text, part));
    return BigInt(text.indexOf(part));
  }),
  on("lastIndexOf", [stringType], intType, (text: string, part: string, spend) => {
    spend(searchCost(text, part));
    return BigInt(text.lastIndexOf(part));
  }),
  on("lowerAscii", [], stringType, (text: string, _, spend) => {
    spend(text.length);
    return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
  }),
  on("upperAscii", [], stringType, (text: string, _, spend) => {
    spend(text.length);
    return text.replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase());
  }),
  on("trim", [], stringType, (text: string, _, spend) => {
    spend(text.length);
    return text.trim();
  }),
  ...substrings(),
  on("split", [stringType], listOf(stringType), (text: string, separator: string, spend) => {
    spend(searchCost(text, separator));
    return text.split(separator);
  }),
  ...joins(),
];

/** The overloads of a name, as functions or as methods. */
export function overloads(name: string, method: boolean): readonly CelFunction[] {
  return functions.filter((each) => each.name === name && (each.receiver !== undefined) === method);
}

/** The worst case of a naive search, a word of memory at a time. */
function searchCost(text: string, part: string): number {
  return text.length + part.length + (text.length * part.length) / 32;
}

/** A method of strings with at most one argument. */
function on(
  name: string,
  params: readonly CelType[],
  result: CelType,
  apply: (text: string, arg: string, spend: Spend) => Value,
): CelFunction {
  return {
    name,
    receiver: stringType,
    params,
    result,
    apply: ([text, arg], spend) => apply(text as string, arg as string, spend),
  };
}

/** `size(x)` and `x.size()`; of a string, its Unicode characters. */
function sizes(name: string): readonly CelFunction[] {
  const apply = ([value]: readonly Value[], spend: Spend): Value => {
    if (isList(value!)) return BigInt(value.length);
    const length = isMap(value!)
      ? Object.keys(value as ValueMap).length
      : [...value as string].length;
    spend(length);
    return BigInt(length);
  };
  return [stringType, anyList, anyMap].flatMap((type) => [
    { name, params: [type], result: intType, apply },
    { name, receiver: type, params: [], result: intType, apply },
  ]);
}

function conversions(): readonly CelFunction[] {
  const convert = (
    name: string,
    from: readonly CelType[],
    result: CelType,
    apply: (value: Value) => Value,
  ) =>
    from.map((type) => ({
      name,
      params: [type],
      result,
      apply: ([v]: readonly Value[]) => apply(v!),
    }));
  return [
    ...convert("string", [stringType, intType, doubleType, boolType], stringType, String),
    ...convert("int", [intType, doubleType, stringType], intType, toInt),
    ...convert("double", [doubleType, intType, stringType], doubleType, toDouble),
    ...convert("bool", [boolType, stringType], boolType, (value) => {
      if (typeof value === "boolean") return value;
      if (value === "true" || value === "false") return value === "true";
      throw new EvaluationFault("bool() takes the texts true and false only");
    }),
  ];
}

function toInt(value: Value): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "number" && Number.isFinite(value)) {
    return checkInt(BigInt(Math.trunc(value)));
  }
  if (typeof value === "string" && /^[+-]?[0-9]{1,19}$/.test(value)) {
    return checkInt(BigInt(value.replace("+", "")));
  }
  throw new EvaluationFault(`int() cannot convert ${JSON.stringify(String(value).slice(0, 40))}`);
}

function toDouble(value: Value): number {
  if (typeof value !== "string") return Number(value);
  const number = /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$/.test(value)
    ? Number(value)
    : NaN;
  if (Number.isFinite(number)) return number;
  throw new EvaluationFault(`double() cannot convert ${JSON.stringify(value.slice(0, 40))}`);
}

/** Integers of CEL have 64 bits. */
export function checkInt(value: bigint): bigint {
  if (BigInt.asIntN(64, value) === value) return value;
  throw new EvaluationFault(`the integer ${String(value).slice(0, 40)} is beyond 64 bits`);
}

/** From a place, or between two; places count UTF-16 units from 0. */
function substrings(): readonly CelFunction[] {
  const apply = ([text, from, to]: readonly Value[], spend: Spend): Value => {
    const whole = text as string;
    const start = Number(from);
    const end = to === undefined ? whole.length : Number(to);
    if (start < 0 || end < start || end > whole.length) {
      throw new EvaluationFault(
        `substring(${start}, ${end}) is outside the text of ${whole.length} characters`,
      );
    }
    spend(end - start);
    return whole.slice(start, end);
  };
  const common = { name: "substring", receiver: stringType, result: stringType, apply };
  return [{ ...common, params: [intType] }, { ...common, params: [intType, intType] }];
}

function joins(): readonly CelFunction[] {
  const apply = ([list, separator = ""]: readonly Value[], spend: Spend): Value => {
    const texts = list as readonly Value[];
    for (const text of texts) {
      if (typeof text !== "string") throw new EvaluationFault("join() takes a list of strings");
      spend(text.length + (separator as string).length + 1);
    }
    return texts.join(separator as string);
  };
  const common = { name: "join", receiver: listOf(stringType), result: stringType, apply };
  return [{ ...common, params: [] }, { ...common, params: [stringType] }];
}
