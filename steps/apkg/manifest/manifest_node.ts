import type { Span } from "../../../engine/diagnostic.ts";
import type { Entry, Node, Placed } from "../../../engine/document/document.ts";
import type { Faults } from "../../../engine/document/faults.ts";
import { describe } from "../../../engine/document/read_fields.ts";

/** A mapping of a manifest, with what is needed to read it and to complain of it. */
export interface MapNode {
  /** How it is called in messages: `metadata`, or `""` for the whole. */
  readonly field: string;
  readonly entries: readonly Entry[];
  readonly span: Span;
  /** The whole text. */
  readonly text: string;
  readonly report: Faults;
}

/** The path of a member of a mapping, such as `metadata.version`. */
export function fieldOf(map: MapNode, key: string): string {
  return map.field === "" ? key : `${map.field}.${key}`;
}

/** An entry that says something: packers write `rest: null` for a package that has none. */
export function entryOf(map: MapNode, ...keys: readonly string[]): Entry | undefined {
  return map.entries.find(({ key, value }) => keys.includes(key) && !isNothing(value));
}

function isNothing(node: Node): boolean {
  return node.kind === "scalar" && node.value === null;
}

/** A mapping below a mapping; a fault where it is none. */
export function mapOf(map: MapNode, key: string): MapNode | undefined {
  const entry = entryOf(map, key);
  if (entry === undefined) return undefined;
  return asMap(entry.value, fieldOf(map, key), map);
}

/** A node as a mapping; a fault where it is none. */
export function asMap(node: Node, field: string, above: MapNode): MapNode | undefined {
  if (node.kind === "map") {
    return { ...above, field, entries: node.entries, span: node.span };
  }
  wrong(above, node, field, "a mapping");
  return undefined;
}

/** The items of a list below a mapping; none, and a fault, where it is no list. */
export function listOf(map: MapNode, key: string): readonly Node[] {
  const entry = entryOf(map, key);
  if (entry === undefined) return [];
  if (entry.value.kind === "list") return entry.value.items;
  wrong(map, entry.value, fieldOf(map, key), "a list");
  return [];
}

/** A text below a mapping; numbers count as they are written: `version: 1.10` is "1.10". */
export function textOf(map: MapNode, key: string): Placed<string> | undefined {
  const entry = entryOf(map, key);
  return entry === undefined ? undefined : asText(entry.value, fieldOf(map, key), map);
}

/** A node as a text that is not empty; a fault where it is none. */
export function asText(node: Node, field: string, map: MapNode): Placed<string> | undefined {
  const value = writtenText(node, map.text);
  if (value !== undefined && value.trim() !== "") return { value, span: node.span };
  wrong(map, node, field, "a text");
  return undefined;
}

/** A scalar as it is written, quotes and escapes apart. */
export function writtenText(node: Node, text: string): string | undefined {
  if (node.kind !== "scalar" || node.value === null) return undefined;
  if (typeof node.value === "string") return node.value;
  const { line, column, endColumn } = node.span;
  return text.split("\n", line)[line - 1]?.slice(column - 1, endColumn - 1);
}

/** Reports a value that is of another kind than it must be. */
export function wrong(map: MapNode, node: Node, field: string, wanted: string): void {
  map.report.error("wrong-type", node.span, `${field} must be ${wanted}, not ${describe(node)}`);
}

/** Reports a key that is missing, at the mapping that lacks it. */
export function missing(map: MapNode, field: string, message: string, hint?: string): void {
  const span = map.entries[0]?.keySpan ?? map.span;
  map.report.error("missing-key", span, `${field} is missing: ${message}`, hint);
}
