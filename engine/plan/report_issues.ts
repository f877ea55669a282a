import type * as v from "valibot";
import type { Span } from "../diagnostic.ts";
import type { Node } from "../document/document.ts";
import { describe } from "../document/read_fields.ts";
import { suggest } from "../document/suggest.ts";
import type { JsonSchema, SluiceType } from "../schema/json_schema.ts";
import { branchesOf, itemSchema, memberSchema, objectBranches } from "../schema/object_branches.ts";
import { nodeAt, showPath, type ValuePath } from "./node_path.ts";
import { literalSecret } from "./redact_secrets.ts";
import type { Report } from "./report.ts";
import { schemaWords, typeWords } from "./type_words.ts";

/** What the issues are about. */
export interface Judged {
  /** Names the whole in messages, such as `http.probe`. */
  readonly owner: string;
  readonly node: Node;
  readonly schema: JsonSchema;
  /** Where to point when a member is missing from the top. */
  readonly span: Span;
  /** Paths whose values are not known, or known to be faulty: what depends on them is not told. */
  readonly unknown: readonly ValuePath[];
  /** Where the value of a member comes from, in words, where it is none of the text. */
  readonly from?: (key: string) => string | undefined;
}

/** Turns what valibot found in a value into diagnostics at its places in the text. */
export function reportIssues(
  issues: readonly v.BaseIssue<unknown>[],
  judged: Judged,
  report: Report,
): void {
  for (const issue of issues) {
    const path = (issue.path ?? []).map(({ key }) => key as string | number);
    // Unknown keys are found by a walk of our own, since only the first of them is an issue.
    if (issue.expected === "never") continue;
    if (judged.unknown.some((other) => isWithin(path, other) || isWithin(other, path))) continue;
    if (isMissing(issue)) reportMissing(path, judged, report);
    else reportWrong(issue, path, judged, report);
  }
}

function isWithin(inner: ValuePath, outer: ValuePath): boolean {
  return outer.every((key, index) => inner[index] === key);
}

function isMissing({ kind, type, received }: v.BaseIssue<unknown>): boolean {
  return kind === "schema" && received === "undefined" && /object|variant/.test(type);
}

function reportMissing(path: ValuePath, judged: Judged, report: Report): void {
  const { owner, node, schema, span } = judged;
  const key = String(path.at(-1));
  const place = nodeAt(node, path.slice(0, -1));
  const wanted = schemaAt(schema, node, path);
  const at = path.length === 1 ? span : place.span;
  const lacking = path.length === 1 ? owner : JSON.stringify(showPath(path.slice(0, -1)));
  const hint = wanted && `add ${key}: …, ${schemaWords(wanted)}`;
  report.error("missing-key", at, `${lacking} lacks ${JSON.stringify(key)}`, hint);
}

function reportWrong(
  issue: v.BaseIssue<unknown>,
  path: ValuePath,
  { node, schema, owner, from }: Judged,
  report: Report,
): void {
  const place = nodeAt(node, path);
  const wanted = schemaAt(schema, node, path) ?? {};
  const name = path.length === 0 ? owner : JSON.stringify(showPath(path));
  const type = branchesOf(wanted).find(({ sluice }) => sluice !== undefined)?.sluice;
  const source = path.length === 0 ? undefined : from?.(String(path[0]));
  const told = source && `it comes from ${source}`;
  const hint = [hintFor(wanted, place, type), told].filter(Boolean).join("; ") || undefined;
  if (type !== undefined && holdsSecret(type, place)) {
    report.error(literalSecret, place.span, `${name} must be ${typeWords[type].what}`, hint);
    return;
  }
  // From an expression the value may be any; from the text it is what the author sees.
  const shown = `, not ${isExpression(place) ? issue.received : describe(place)}`;
  if (issue.kind === "schema") {
    report.error("wrong-type", place.span, `${name} must be ${schemaWords(wanted)}${shown}`, hint);
  } else if (type !== undefined || /^Invalid /.test(issue.message)) {
    const message = `${name} must be ${type ? typeWords[type].what : bound(issue)}${shown}`;
    report.error("bad-value", place.span, message, hint);
  } else if (issue.type === "raw_check") {
    // A judgement of the whole: it names what it is about, and shows of it what may be seen.
    report.error("bad-value", place.span, issue.message);
  } else {
    // The definition's own words.
    report.error("bad-value", place.span, `${name}: ${issue.message}${shown}`, told);
  }
}

/** Whether a faulty value may be a secret, or have one in it. */
export function holdsSecret(type: string, node: Node): boolean {
  // A list or a mapping may be one that was written out, too.
  if (type === "secret") return true;
  return type === "url" && node.kind === "scalar" &&
    /:[^/]*@|\/\/[^/]*@/.test(String(node.value));
}

function isExpression(node: Node): boolean {
  return node.kind === "scalar" && typeof node.value === "string" && node.value.includes("${{");
}

/** What valibot expected, in words: `>=1` is a bound, a quoted text a constant. */
function bound({ expected, type }: v.BaseIssue<unknown>): string {
  if (expected === null) return "valid";
  const unit = /length$/.test(type) ? " long" : "";
  const words: Readonly<Record<string, string>> = {
    ">=": "at least ",
    "<=": "at most ",
    ">": "more than ",
    "<": "less than ",
  };
  return expected.replace(/^(>=|<=|>|<)/, (sign) => words[sign]!) + unit;
}

function hintFor(wanted: JsonSchema, node: Node, type: SluiceType | undefined): string | undefined {
  const example = type && typeWords[type].hint;
  if (node.kind !== "scalar" || node.value === null) return example;
  const { value } = node;
  const branches = branchesOf(wanted);
  const words = branches.flatMap((branch) =>
    [...branch.enum ?? [], branch.const].filter((word) => typeof word === "string")
  );
  const near = suggest(String(value), words);
  if (near !== undefined) return `did you mean ${JSON.stringify(near)}?`;
  const types = branches.map((branch) => branch.type);
  if (typeof value !== "string" && types.includes("string")) {
    return type === undefined ? `quote it: "${value}"` : example;
  }
  const isPlain = types.includes("boolean") && /^(true|false)$/.test(String(value)) ||
    (types.includes("integer") || types.includes("number")) &&
      /^-?\d+(\.\d+)?$/.test(String(value));
  if (typeof value === "string" && isPlain && type === undefined) return "remove the quotes";
  return example;
}

/** The schema of what stands at a path, with the variants that the value chooses. */
function schemaAt(schema: JsonSchema, node: Node, path: ValuePath): JsonSchema | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return schema;
  const inner = typeof key === "number" ? itemSchema(schema, key) : memberSchema(
    objectBranches(schema, (name) => {
      const member = node.kind === "map"
        ? node.entries.find((entry) => entry.key === name)?.value
        : undefined;
      return member?.kind === "scalar" ? member.value : undefined;
    }),
    key,
  );
  return inner && schemaAt(inner, nodeAt(node, [key]), rest);
}
