import * as v from "valibot";
import { InvalidInputError } from "../../engine/errors.ts";
import type { SecretRef } from "../../engine/schema/types.ts";
import type { Schema } from "../../engine/step.ts";

/** A header whose value is a secret, such as `X-API-Key`. */
export interface VersionHeader {
  readonly name: string;
  readonly secret: SecretRef;
}

const spelling = /^(?:|[A-Za-z0-9][A-Za-z0-9-]*=(?:env:[A-Za-z_][A-Za-z0-9_]*|file:\/[^\0\n,]+))$/;
const wanted = "empty, or NAME=env:VARIABLE, or NAME=file:/absolute/path";

/** The parameter `version_header`: `""`, or a header's name and a reference to its secret value. */
export function versionHeader(): Schema<string> {
  return v.pipe(v.string(), v.regex(spelling, wanted));
}

/**
 * Reads what the parameter `version_header` says; `""` is no header.
 *
 * @throws InvalidInputError for any other text, which is not repeated: it may hold a secret
 *
 * @example
 * ```ts
 * import { parseVersionHeader } from "./version_header.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(parseVersionHeader("X-API-Key=env:ROUTER_KEY")?.name, "X-API-Key");
 * assert.equal(parseVersionHeader(""), undefined);
 * ```
 */
export function parseVersionHeader(text: string): VersionHeader | undefined {
  if (!spelling.test(text)) throw new InvalidInputError(`version_header has to be ${wanted}`);
  if (text === "") return undefined;
  const equals = text.indexOf("=");
  return { name: text.slice(0, equals), secret: text.slice(equals + 1) as SecretRef };
}
