import * as v from "valibot";

/** After so many faults only their number is told. */
const shownLimit = 5;

/**
 * What is wrong with the form of a plan, in one line: each place, such as `steps[0].id`, with what it
 * lacks or has.
 */
export function planFaults(issues: readonly v.BaseIssue<unknown>[]): string {
  const shown = issues.slice(0, shownLimit).map((issue) => `${placeOf(issue)} ${faultOf(issue)}`);
  const more = issues.length - shown.length;
  return shown.join("; ") + (more > 0 ? `; and ${more} more` : "");
}

function placeOf({ path }: v.BaseIssue<unknown>): string {
  const place = (path ?? []).map(({ key }) => typeof key === "number" ? `[${key}]` : `.${key}`)
    .join("");
  return place === "" ? "the whole" : place.replace(/^\./, "");
}

function faultOf({ kind, type, expected, received, message }: v.BaseIssue<unknown>): string {
  if (expected === "never") return "is no member of it";
  if (received === "undefined") return "is missing";
  if (type === "regex" && !message.startsWith("Invalid")) return `is ${message}`;
  if (kind === "schema" && expected !== null) {
    return `has to be ${wordsOf(expected)}, not ${received}`;
  }
  return `is ${received}, which it cannot be`;
}

const words: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  boolean: "true or false",
  Array: "a list",
  Object: "a mapping",
};

/** `"a" | "b"` or `string`, as the library names what it wants. */
function wordsOf(expected: string): string {
  return words[expected] ?? expected.replace(/^\((.*)\)$/, "$1").replaceAll(" | ", " or ");
}
