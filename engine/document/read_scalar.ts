import type { Entry, Node, Placed } from "./document.ts";
import { parseDuration, positiveDurationPattern, unitHint } from "./duration.ts";
import type { Faults } from "./faults.ts";
import { describe } from "./read_fields.ts";
import { suggest } from "./suggest.ts";

/** Each of these reads one entry; `undefined` where it is absent or a fault was reported. */
type Read<T> = Placed<T> | undefined;

/** A text that is not empty. */
export function readText(entry: Entry | undefined, report: Faults): Read<string> {
  if (entry === undefined) return undefined;
  const { key, value: node } = entry;
  if (node.kind === "scalar" && typeof node.value === "string" && node.value.trim() !== "") {
    return { value: node.value, span: node.span };
  }
  const quote = node.kind === "scalar" && node.value !== null && typeof node.value !== "string";
  wrongType(node, key, "a text", report, quote ? `quote it: "${node.value}"` : undefined);
  return undefined;
}

/** A text of a pattern; `what` says in words which, `hint` gives an example. */
export function readPattern(
  entry: Entry | undefined,
  pattern: string,
  [code, what, hint]: readonly [code: string, what: string, hint: string],
  report: Faults,
): Read<string> {
  const text = readText(entry, report);
  if (entry === undefined || text === undefined) return undefined;
  if (new RegExp(pattern).test(text.value)) return text;
  report.error(code, text.span, `${JSON.stringify(text.value)} is not ${what}`, hint);
  return undefined;
}

export function readBoolean(entry: Entry | undefined, report: Faults): Read<boolean> {
  if (entry === undefined) return undefined;
  const { key, value: node } = entry;
  if (node.kind === "scalar" && typeof node.value === "boolean") {
    return { value: node.value, span: node.span };
  }
  const old = node.kind === "scalar" && /^(yes|no|on|off)$/i.test(String(node.value));
  wrongType(node, key, "true or false", report, old ? "YAML 1.2 writes true and false" : undefined);
  return undefined;
}

/** A whole number from `least` to `most`. */
export function readInteger(
  entry: Entry | undefined,
  least: number,
  most: number,
  report: Faults,
): Read<number> {
  if (entry === undefined) return undefined;
  const { key, value: node } = entry;
  const value = node.kind === "scalar" ? node.value : undefined;
  if (typeof value === "number" && Number.isInteger(value)) {
    if (value >= least && value <= most) return { value, span: node.span };
    report.error(
      "out-of-range",
      node.span,
      `${key} must be from ${least} to ${most}, not ${value}`,
    );
  } else {
    wrongType(node, key, `a whole number from ${least} to ${most}`, report);
  }
  return undefined;
}

/** A duration longer than nothing, in milliseconds. */
export function readDuration(entry: Entry | undefined, report: Faults): Read<number> {
  if (entry === undefined) return undefined;
  const { key, value: node } = entry;
  const source = node.kind === "scalar" ? node.value : undefined;
  if (typeof source === "string" && new RegExp(positiveDurationPattern).test(source)) {
    return { value: parseDuration(source)!, span: node.span };
  }
  report.error(
    "bad-duration",
    node.span,
    `${key} must be a duration longer than nothing, not ${describe(node)}`,
    typeof source === "number" && source > 0
      ? unitHint(source)
      : "write for example 250ms, 10s, 5m, 1h or 1m30s",
  );
  return undefined;
}

/** One of some words; `meanings` says what other words were meant to be. */
export function readWord<T extends string>(
  entry: Entry | undefined,
  words: readonly T[],
  [code, meanings = {}]: readonly [code: string, meanings?: Readonly<Record<string, string>>],
  report: Faults,
): Read<T> {
  if (entry === undefined) return undefined;
  const { key, value: node } = entry;
  const word = words.find((known) => node.kind === "scalar" && node.value === known);
  if (word !== undefined) return { value: word, span: node.span };
  const written = node.kind === "scalar" ? String(node.value) : "";
  const meant = Object.hasOwn(meanings, written) ? meanings[written] : suggest(written, words);
  const list = words.length === 1 ? words[0] : `one of ${words.join(", ")}`;
  const hint = meant === undefined ? undefined : `did you mean ${JSON.stringify(meant)}?`;
  report.error(code, node.span, `${key} must be ${list}, not ${describe(node)}`, hint);
  return undefined;
}

export function wrongType(
  node: Node,
  key: string,
  wanted: string,
  report: Faults,
  hint?: string,
): void {
  const message = `${key} must be ${wanted}, not ${describe(node)}`;
  report.error("wrong-type", node.span, message, hint);
}
