import { type Element, type Shape, spelled } from "./element.ts";
import type { OptionRule, ReadArguments } from "./escape_rule.ts";

/**
 * Tells options from operands as getopt(3) does, by a rule. The way out of a shape is a variable
 * argument that may be an option: one that no literal `--` stands before, and that does not begin
 * with something else than a dash.
 *
 * @returns what was read, or a clause that says which argument may lead to arbitrary code
 */
export function readArguments({ fixed, rest }: Shape, rule: OptionRule): ReadArguments | string {
  const { code = {}, style } = rule;
  const known = new Set(rule.known.split(" "));
  const options: string[] = [];
  const values = new Map<string, Element[]>();
  const operands: Element[] = [];
  let ended = false;
  let operandFirst = false;
  let waiting: string | undefined;
  const keep = (name: string, value: Element) =>
    values.set(name, [...values.get(name) ?? [], value]);

  const others: Element = { prefix: "" };
  for (const element of rest ? [...fixed, others] : fixed) {
    if (waiting !== undefined) {
      // The first of them is its value, and the next may be an option.
      if (element === others) return freeArgument(others, code);
      keep(waiting, element);
      waiting = undefined;
      continue;
    }
    if (ended || isOperand(element)) {
      operandFirst ||= !ended && options.length === 0;
      operands.push(element);
      continue;
    }
    if ("literal" in element && element.literal === "--" && style !== "anywhere") {
      ended = true;
      continue;
    }
    const found = readOption(element, known, style !== undefined);
    if (found === undefined) return freeArgument(element, code);
    for (const name of found.names) {
      const clause = judgeOption(name, known, code);
      if (clause !== undefined) return clause;
      options.push(name);
    }
    const last = found.names.at(-1)!;
    if (found.value !== undefined) keep(last, found.value);
    else if (known.has(`${last}:`)) waiting = last;
  }
  return { options, values, operands, operandFirst };
}

/** It begins with something else than a dash, or is a dash alone. */
function isOperand(element: Element): boolean {
  const text = spelled(element);
  if ("literal" in element && text === "-") return true;
  return ("literal" in element || text !== "") && !text.startsWith("-");
}

interface FoundOption {
  /** One, or the letters of a bundle. */
  readonly names: readonly string[];
  readonly value?: Element;
}

/** The options that an argument holds; `undefined` where that is not settled. */
function readOption(
  element: Element,
  known: ReadonlySet<string>,
  words: boolean,
): FoundOption | undefined {
  const text = spelled(element);
  const after = (at: number): Element =>
    "literal" in element ? { literal: text.slice(at) } : { prefix: text.slice(at) };
  const equals = text.indexOf("=");
  if (words || text.startsWith("--")) {
    if (equals > 0) return { names: [text.slice(0, equals)], value: after(equals + 1) };
    return "prefix" in element ? undefined : { names: [text] };
  }
  const names: string[] = [];
  for (const [index, letter] of [...text].entries()) {
    if (index === 0) continue;
    names.push(`-${letter}`);
    if (!known.has(`-${letter}:`)) continue;
    const attached = index + 1 < text.length || "prefix" in element;
    return attached ? { names, value: after(index + 1) } : { names };
  }
  return "prefix" in element ? undefined : { names };
}

function judgeOption(
  name: string,
  known: ReadonlySet<string>,
  code: Readonly<Record<string, string>>,
): string | undefined {
  if (Object.hasOwn(code, name)) return `${code[name]} (${name})`;
  if (known.has(name) || known.has(`${name}:`)) return undefined;
  // Long options may be cut short: --checkpoint-a is --checkpoint-action.
  const longer = name.startsWith("--")
    ? Object.keys(code).find((option) => option.startsWith(name))
    : undefined;
  return longer === undefined
    ? `has an option ${name} that nobody has looked at`
    : `${code[longer]} (${name} is short for ${longer})`;
}

function freeArgument(element: Element, code: Readonly<Record<string, string>>): string {
  const text = spelled(element);
  const shown = text === "" ? "a free argument" : `the argument ${text}*`;
  const option = Object.keys(code).find((each) => each.startsWith(text));
  return option === undefined
    ? `takes ${shown} for an option, where no -- stands before it`
    : `${code[option]}, and ${shown} may be ${option}`;
}
