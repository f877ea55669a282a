import { parseDuration } from "../document/duration.ts";
import { parseSize } from "../document/size.ts";
import { joinPath } from "../join_path.ts";
import type { Json, JsonObject } from "../json.ts";
import type { JsonSchema, SluiceType } from "./json_schema.ts";
import { branchesOf, itemSchema, memberSchema, objectBranches } from "./object_branches.ts";

/**
 * Turns what an author wrote into what a step's schema takes: `10s` into milliseconds, `64MiB` into
 * bytes, a relative path into an absolute one. Leaves as it is what it cannot read: the schema's
 * own validation says what is wrong with that.
 *
 * @param folder absolute; what relative paths are relative to
 *
 * @example
 * ```ts
 * import { readAuthored } from "./read_authored.ts";
 * import assert from "node:assert/strict";
 *
 * const schema = {
 *   type: "object",
 *   properties: {
 *     wait: { type: "integer", sluice: "duration" },
 *     root: { type: "string", sluice: "path" },
 *   },
 * } as const;
 * assert.deepEqual(readAuthored({ wait: "1m", root: "out/../x" }, schema, "/srv"), {
 *   wait: 60_000,
 *   root: "/srv/x",
 * });
 * ```
 */
export function readAuthored(value: Json, schema: JsonSchema, folder: string): Json {
  if (Array.isArray(value)) {
    return value.map((item, index) => readAuthored(item, itemSchema(schema, index) ?? {}, folder));
  }
  if (value !== null && typeof value === "object") {
    const object = value as JsonObject;
    const branches = objectBranches(
      schema,
      (key) => Object.hasOwn(object, key) ? object[key] : undefined,
    );
    return Object.fromEntries(
      Object.entries(object).map((
        [key, member],
      ) => [key, readAuthored(member, memberSchema(branches, key) ?? {}, folder)]),
    );
  }
  if (typeof value !== "string") return value;
  const branches = branchesOf(schema);
  // A constant or a plain string is taken at its word before any conversion.
  if (branches.some((branch) => branch.const === value || branch.enum?.includes(value))) {
    return value;
  }
  for (const { sluice } of branches) {
    const read = sluice && readText(value, sluice, folder);
    if (read !== undefined) return read;
  }
  return value;
}

/**
 * Reads one text as one of our types; `undefined` when it is none.
 *
 * @param folder absolute; what a relative path is relative to
 */
export function readText(text: string, type: SluiceType, folder: string): Json | undefined {
  switch (type) {
    case "duration":
      return parseDuration(text);
    case "size":
      return parseSize(text);
    case "path":
      return text === "" ? undefined : absolutePath(text, folder);
    case "secret":
      return /^file:./.test(text) ? `file:${absolutePath(text.slice(5), folder)}` : text;
    case "url":
      return text;
  }
}

/** An absolute path without `.`, `..`, doubled or trailing slashes. */
export function absolutePath(path: string, folder: string): string {
  return joinPath(folder, path);
}
