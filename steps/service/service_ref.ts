import * as v from "valibot";
import { InvalidInputError } from "../../engine/errors.ts";
import type { Schema } from "../../engine/step.ts";
import { checkSocketPath } from "./supervisor_protocol.ts";

/** Which service, and who manages it. */
export type ServiceRef =
  | { readonly kind: "systemd"; readonly unit: string }
  | { readonly kind: "supervisor"; readonly socket: string }
  | { readonly kind: "none" };

// A unit's name as systemd.unit(5) has it, of a service; it cannot be taken for an option.
const unit = String.raw`[A-Za-z0-9:_][A-Za-z0-9:_.@\\-]{0,246}`;
const socket = String.raw`(?:/(?!\.{1,2}(?:/|$))[^/\0\n,*]+)+`;
const spelling = new RegExp(`^(?:systemd:${unit}|supervisor:${socket}|none)$`);
const wanted = "systemd:UNIT, supervisor:/absolute/path/of/socket, or none";

/**
 * Reads `systemd:UNIT`, `supervisor:SOCKET` or `none`. A unit without a suffix is a `.service`.
 *
 * @throws InvalidInputError for anything else, and for a socket whose path the kernel cannot take
 *
 * @example
 * ```ts
 * import { parseServiceRef } from "./service_ref.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(parseServiceRef("systemd:atp-router"), {
 *   kind: "systemd",
 *   unit: "atp-router.service",
 * });
 * ```
 */
export function parseServiceRef(text: string): ServiceRef {
  if (!spelling.test(text)) {
    throw new InvalidInputError(`service is ${JSON.stringify(text)}, not ${wanted}`);
  }
  if (text === "none") return { kind: "none" };
  const colon = text.indexOf(":");
  const name = text.slice(colon + 1);
  if (text.startsWith("systemd:")) {
    const suffix = /\.([a-z]+)$/.exec(name)?.[1];
    const other = ["socket", "timer", "target", "mount", "path", "slice", "scope", "device"];
    if (suffix !== undefined && other.includes(suffix)) {
      throw new InvalidInputError(`${name} is a ${suffix}, not a service`);
    }
    return { kind: "systemd", unit: suffix === "service" ? name : `${name}.service` };
  }
  checkSocketPath(name);
  return { kind: "supervisor", socket: name };
}

/** The spelling that {@linkcode parseServiceRef} reads. */
export function printServiceRef(ref: ServiceRef): string {
  switch (ref.kind) {
    case "systemd":
      return `systemd:${ref.unit.replace(/\.service$/, "")}`;
    case "supervisor":
      return `supervisor:${ref.socket}`;
    case "none":
      return "none";
  }
}

/** The parameter `service`: one service or a list of at least one; parsed, it is always a list. */
export function services(): Schema<string[]> {
  const one = v.pipe(v.string(), v.regex(spelling, wanted));
  return v.pipe(
    v.union([one, v.pipe(v.array(one), v.minLength(1, "at least one service, or none"))]),
    v.transform((given) => typeof given === "string" ? [given] : given),
  );
}
