import { InvalidInputError } from "../../errors.ts";
import { type JsonNode, memberOf, placeOf } from "./json_node.ts";
import { parseJson } from "./parse_json.ts";
import { printJson } from "./print_json.ts";

/**
 * A JSON text with one member of its top-level mapping, or of a mapping in that, set to a value, or
 * removed; every other byte stays, comments too. Members are indented by two spaces.
 *
 * @param path one or two keys; a mapping that is missing is made, one that becomes empty is removed
 * @param value `undefined` to remove the member
 * @param file names the text in messages
 * @throws InvalidInputError when the text is no JSON, or has something else where a mapping has to be
 *
 * @example
 * ```ts
 * import { editJson } from "./edit_json.ts";
 * import assert from "node:assert/strict";
 *
 * const text = '{\n  "name": "x" // why\n}\n';
 * const edited = editJson(text, ["sets", "a"], ["b"], "x.json");
 * assert.equal(edited, '{\n  "name": "x", // why\n  "sets": {\n    "a": ["b"]\n  }\n}\n');
 * assert.equal(editJson(edited, ["sets", "a"], undefined, "x.json").includes("sets"), false);
 * ```
 */
export function editJson(
  text: string,
  path: readonly [string] | readonly [string, string],
  value: unknown,
  file: string,
): string {
  const root = parseJson(text, file);
  const [outer, inner] = path;
  if (inner === undefined) return withMember(text, root, outer, value, 1, file);
  const mapping = memberOf(root, outer);
  if (mapping === undefined) {
    return value === undefined ? text : withMember(text, root, outer, { [inner]: value }, 1, file);
  }
  const isLast = mapping.kind === "map" && mapping.members.every(({ key }) => key === inner);
  if (value === undefined && isLast) return withMember(text, root, outer, undefined, 1, file);
  return withMember(text, mapping, inner, value, 2, file);
}

function withMember(
  text: string,
  mapping: JsonNode,
  key: string,
  value: unknown,
  depth: number,
  file: string,
): string {
  if (mapping.kind !== "map") {
    const { line, column } = placeOf(text, mapping.start);
    throw new InvalidInputError(`${file}:${line}:${column}: a mapping has to stand here`);
  }
  const { members } = mapping;
  const index = members.findIndex((member) => member.key === key);
  const found = members[index];
  const indent = "  ".repeat(depth);
  const name = `${JSON.stringify(key)}: `;
  if (value === undefined) {
    if (found === undefined) return text;
    const before = members[index - 1];
    const after = members[index + 1];
    if (before !== undefined) return splice(text, before.value.end, found.value.end, "");
    if (after !== undefined) return splice(text, found.start, after.start, "");
    return splice(text, mapping.start, mapping.end, "{}");
  }
  const printed = printJson(value, depth, indent.length + name.length);
  if (found !== undefined) return splice(text, found.value.start, found.value.end, printed);
  const last = members.at(-1);
  const close = `\n${"  ".repeat(depth - 1)}}`;
  if (last === undefined) {
    return splice(text, mapping.start, mapping.end, `{\n${indent}${name}${printed}${close}`);
  }
  // After what stands between the last value and the bracket: comments, and the end of the line.
  const rest = text.slice(last.value.end, mapping.end - 1).trimEnd();
  return splice(text, last.value.end, mapping.end, `,${rest}\n${indent}${name}${printed}${close}`);
}

function splice(text: string, start: number, end: number, put: string): string {
  return text.slice(0, start) + put + text.slice(end);
}
