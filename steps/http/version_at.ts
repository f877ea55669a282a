import * as v from "valibot";
import { InvalidInputError } from "../../engine/errors.ts";
import type { Schema } from "../../engine/step.ts";
import { jsonPointerPattern } from "./json_pointer.ts";

/** Where the version of what answers stands. */
export type VersionAt =
  /** Nowhere: a new main process of every service is demanded instead. */
  | { readonly kind: "process" }
  /** In the health answer itself. */
  | { readonly kind: "health"; readonly pointer: string }
  /** In the JSON that another URL answers. */
  | { readonly kind: "url"; readonly url: string; readonly pointer: string };

/** Where the version stands when nothing else is said. */
export const defaultVersionAt = "/version";

const pointer = String.raw`(?:/(?:[^~/]|~[01])*)+`;
const spelling = new RegExp(
  String.raw`^(?:process|${pointer}|https?://[^@/?#\s]+(?:[/?][^#\s]*)?#${pointer})$`,
);
const wanted = "process, a JSON pointer such as /version, or URL#/pointer";

/** The parameter `version_at`: `process`, `/pointer` into the health answer, or `URL#/pointer`. */
export function versionAt(): Schema<string> {
  return v.pipe(v.string(), v.regex(spelling, wanted));
}

/**
 * Reads what the parameter `version_at` says.
 *
 * @throws InvalidInputError for any other text
 *
 * @example
 * ```ts
 * import { parseVersionAt } from "./version_at.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(parseVersionAt("http://127.0.0.1:7443/admin/version#/service_version"), {
 *   kind: "url",
 *   url: "http://127.0.0.1:7443/admin/version",
 *   pointer: "/service_version",
 * });
 * ```
 */
export function parseVersionAt(text: string): VersionAt {
  if (text === "process") return { kind: "process" };
  if (jsonPointerPattern.test(text)) return { kind: "health", pointer: text };
  const hash = text.indexOf("#");
  const url = text.slice(0, hash);
  if (!spelling.test(text) || !URL.canParse(url)) {
    throw new InvalidInputError(`version_at is ${JSON.stringify(text)}, not ${wanted}`);
  }
  return { kind: "url", url, pointer: text.slice(hash + 1) };
}
