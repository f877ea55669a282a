import * as v from "valibot";
import type { Span } from "../diagnostic.ts";
import type { ItemType, Node, Parameter, ParameterType } from "../document/document.ts";
import type { Faults } from "../document/faults.ts";
import { unitHint } from "../document/duration.ts";
import { nodeToJson } from "../document/node_to_json.ts";
import { describe } from "../document/read_fields.ts";
import { suggest } from "../document/suggest.ts";
import type { Json } from "../json.ts";
import { authoredValue } from "../schema/author_schema.ts";
import { readText } from "../schema/read_authored.ts";
import { path, secret, url } from "../schema/types.ts";
import { literalSecret } from "./redact_secrets.ts";
import { holdsSecret } from "./report_issues.ts";
import { typeWords } from "./type_words.ts";

/** A value as it was given: a text of a command line or a variable, or a piece of YAML. */
export type Given =
  | { readonly kind: "text"; readonly text: string; readonly span: Span }
  | { readonly kind: "node"; readonly node: Node }
  /** What an expression gave: durations and sizes are numbers already. */
  | { readonly kind: "value"; readonly value: Json; readonly span: Span };

/**
 * Reads a value of a declared parameter. Every fault of it is reported, a list's element by element;
 * then the result is `undefined`. What was given for a secret is never repeated in a message.
 *
 * @param folder absolute; what relative paths are relative to
 */
export function readParameter(
  parameter: Parameter,
  given: Given,
  folder: string,
  report: Faults,
): Json | undefined {
  const name = parameter.name.value;
  const type = parameter.type.value;
  const items = parameter.items?.value ?? "string";
  const reader = { name: `parameter ${JSON.stringify(name)}`, items, folder, report };
  const value = read(reader, type, given);
  if (value === undefined || !isWithin(parameter, value, given, reader)) return undefined;
  if (parameter.choices === undefined) return value;
  return isChosen(parameter, value, given, reader) ? value : undefined;
}

/** The values that a parameter may take, as it would take them; faults of theirs are reported. */
export function readChoices(
  parameter: Parameter,
  folder: string,
  report: Faults,
): readonly Json[] {
  const items = parameter.items?.value ?? "string";
  const type = parameter.type.value === "list" ? items : parameter.type.value;
  const name = `a choice of parameter ${JSON.stringify(parameter.name.value)}`;
  return (parameter.choices?.value ?? []).flatMap((node) => {
    const value = read({ name, items, folder, report }, type, { kind: "node", node });
    return value === undefined ? [] : [value];
  });
}

interface Reader {
  readonly name: string;
  readonly items: ItemType;
  readonly folder: string;
  readonly report: Faults;
}

function read(reader: Reader, type: ParameterType, given: Given): Json | undefined {
  if (type === "list") return readList(reader, given);
  const value = given.kind === "text"
    ? fromText(type, given.text, reader.folder)
    : given.kind === "node"
    ? fromNode(type, given.node, reader.folder)
    : fromValue(type, given.value, reader.folder);
  if (value !== undefined) return value;
  const { what, hint } = typeWords[type];
  const message = `${reader.name} must be ${what}`;
  if (holdsSecret(type, nodeOfGiven(given))) {
    reader.report.error(literalSecret, spanOf(given), message, hint);
  } else {
    reader.report.error(
      "bad-parameter",
      spanOf(given),
      `${message}, not ${show(given)}`,
      hintFor(type, given) ?? hint,
    );
  }
  return undefined;
}

function fromText(type: ParameterType, text: string, folder: string): Json | undefined {
  switch (type) {
    case "string":
      return text;
    case "integer": {
      const value = Number(text);
      return /^-?\d+$/.test(text) && Number.isSafeInteger(value) ? value : undefined;
    }
    case "number":
      return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text))
        ? Number(text)
        : undefined;
    case "boolean":
      return text === "true" ? true : text === "false" ? false : undefined;
    case "map":
      return textsOf(parseJson(text));
    case "path":
      return valid(path(), readText(text, "path", folder));
    case "url":
      return valid(url(), text);
    case "secret":
      return valid(secret(), readText(text, "secret", folder));
    case "duration":
    case "size":
      return readText(text, type, folder);
    case "list":
      return undefined;
  }
}

function fromValue(type: ParameterType, value: Json, folder: string): Json | undefined {
  if (type === "duration" || type === "size") {
    return Number.isSafeInteger(value) && Number(value) >= 0 ? value : undefined;
  }
  return fromNode(type, nodeOf(value, nowhere), folder);
}

const nowhere: Span = { file: "", line: 1, column: 1, endLine: 1, endColumn: 1 };

function fromNode(type: ParameterType, node: Node, folder: string): Json | undefined {
  if (node.kind === "map") return type === "map" ? textsOf(nodeToJson(node)) : undefined;
  if (node.kind === "list" || node.value === null) return undefined;
  const { value } = node;
  switch (type) {
    case "boolean":
      return typeof value === "boolean" ? value : undefined;
    case "number":
      return typeof value === "number" ? value : undefined;
    case "integer":
      return Number.isInteger(value) ? value : undefined;
    case "size":
      if (Number.isInteger(value) && Number(value) >= 0) return value;
      break;
    case "map":
      return undefined;
  }
  return typeof value === "string" ? fromText(type, value, folder) : undefined;
}

/** A mapping to texts, which is what expressions take a `map` for. */
function textsOf(value: Json | undefined): Json | undefined {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
  return Object.values(value).every((member) => typeof member === "string") ? value : undefined;
}

/** `a,b`, `["a", "b"]`, a YAML list, or one YAML scalar for a list of one. */
function readList(reader: Reader, given: Given): Json | undefined {
  let elements: readonly Given[];
  if (given.kind === "value") {
    const { value, span } = given;
    elements = (Array.isArray(value) ? value : [value]).map((item) => ({
      kind: "value",
      value: item,
      span,
    }));
  } else if (given.kind === "node") {
    const { node } = given;
    if (node.kind === "list") {
      elements = node.items.map((item) => ({ kind: "node", node: item }));
    } else if (node.kind === "scalar" && node.value !== null) {
      elements = [given];
    } else {
      const message = `${reader.name} must be a list, not ${describe(node)}`;
      reader.report.error("bad-parameter", node.span, message, typeWords.list.hint);
      return undefined;
    }
  } else if (given.text.trimStart().startsWith("[")) {
    const array = parseJson(given.text);
    if (!Array.isArray(array)) {
      const message = `${reader.name} must be a list, not ${show(given)}`;
      const hint = 'what begins with [ is read as JSON: write ["a", "b"]';
      reader.report.error("bad-parameter", given.span, message, hint);
      return undefined;
    }
    elements = array.map((item) => ({ kind: "node", node: nodeOf(item, given.span) }));
  } else {
    const texts = given.text === "" ? [] : given.text.split(",").map((text) => text.trim());
    if (texts.includes("")) {
      const message = `${reader.name} has an empty element`;
      const hint = 'leave out the comma; an empty text is written as JSON: ["a", ""]';
      reader.report.error("bad-parameter", given.span, message, hint);
      return undefined;
    }
    elements = texts.map((text) => ({ kind: "text", text, span: given.span }));
  }
  const element = { ...reader, name: `an element of ${reader.name}` };
  const values = elements.map((one) => read(element, reader.items, one));
  return values.includes(undefined) ? undefined : values as Json[];
}

function isWithin(
  { minimum, maximum }: Parameter,
  value: Json,
  given: Given,
  { name, report }: Reader,
): boolean {
  if (typeof value !== "number") return true;
  const least = minimum?.value ?? -Infinity;
  const most = maximum?.value ?? Infinity;
  if (value >= least && value <= most) return true;
  const range = minimum === undefined
    ? `at most ${most}`
    : maximum === undefined
    ? `at least ${least}`
    : `from ${least} to ${most}`;
  report.error("bad-parameter", spanOf(given), `${name} must be ${range}, not ${value}`);
  return false;
}

function isChosen(parameter: Parameter, value: Json, given: Given, reader: Reader): boolean {
  // Faults of the choices themselves are reported with the declaration.
  const silent = { error: () => {}, found: [] };
  const choices = readChoices(parameter, reader.folder, silent);
  const stranger = (Array.isArray(value) ? value : [value]).find((one) => !choices.includes(one));
  if (stranger === undefined) return true;
  const type = parameter.type.value === "list" ? reader.items : parameter.type.value;
  const unit = type === "duration" || type === "size" ? type : undefined;
  const written = (one: Json) => String(authoredValue(one, unit));
  const meant = suggest(written(stranger), choices.map(written));
  reader.report.error(
    "bad-parameter",
    spanOf(given),
    `${reader.name} must be one of ${choices.map(written).join(", ")}, not ${written(stranger)}`,
    meant === undefined ? undefined : `did you mean ${JSON.stringify(meant)}?`,
  );
  return false;
}

function hintFor(type: ParameterType, given: Given): string | undefined {
  if (given.kind === "value") return undefined;
  const raw = given.kind === "text" ? given.text : scalarOf(given.node);
  if (type === "duration" && /^\d+$/.test(String(raw))) return unitHint(String(raw));
  if (given.kind === "text") return undefined;
  if (typeof raw === "string" && ["integer", "number", "boolean"].includes(type)) {
    return fromText(type, raw, "/") === undefined ? undefined : "remove the quotes";
  }
  if (type === "string" && (typeof raw === "number" || typeof raw === "boolean")) {
    return `quote it: "${raw}"`;
  }
  return undefined;
}

function scalarOf(node: Node): Json | undefined {
  return node.kind === "scalar" ? node.value : undefined;
}

function show(given: Given): string {
  return describe(nodeOfGiven(given));
}

function nodeOfGiven(given: Given): Node {
  if (given.kind === "node") return given.node;
  return nodeOf(given.kind === "text" ? given.text : given.value, given.span);
}

function spanOf(given: Given): Span {
  return given.kind === "node" ? given.node.span : given.span;
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function nodeOf(value: Json, span: Span): Node {
  if (Array.isArray(value)) {
    return { kind: "list", items: value.map((item) => nodeOf(item, span)), span };
  }
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value).map(([key, member]) => ({
      key,
      keySpan: span,
      value: nodeOf(member, span),
    }));
    return { kind: "map", entries, span };
  }
  return { kind: "scalar", value: value as null | boolean | number | string, span };
}

function valid(schema: v.GenericSchema, value: Json | undefined): Json | undefined {
  return v.is(schema, value) ? value as Json : undefined;
}
