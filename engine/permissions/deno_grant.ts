import { parseEndpoint, spellEndpoint } from "./endpoint.ts";
import { isPlainPath } from "./path.ts";

/** Deno's own kinds of permission, in the order in which flags are given. */
export const denoKinds = ["read", "write", "net", "env", "sys", "run"] as const;

export type DenoKind = (typeof denoKinds)[number];

/** One entry of one of Deno's lists: what a flag lists, and what can be revoked. */
export interface DenoGrant {
  readonly kind: DenoKind;
  /** A path, an endpoint, the name of a variable, a kind of system information. */
  readonly entry: string;
}

/** A text that two entries share exactly when they are one entry to Deno. */
export function nameOf({ kind, entry }: DenoGrant): string {
  return `${kind} ${kind === "net" ? spellEndpoint(entry) : entry}`;
}

/** Whether a flag with this entry grants it and nothing else. */
export function isExact({ kind, entry }: DenoGrant): boolean {
  if (entry.includes(",")) return false;
  switch (kind) {
    case "read":
    case "write":
    case "run":
      return isPlainPath(entry);
    case "net": {
      const endpoint = parseEndpoint(entry);
      return endpoint?.kind === "unix" ? isPlainPath(endpoint.path) : endpoint !== undefined;
    }
    case "env":
      return /^[A-Za-z_][A-Za-z0-9_]*$/.test(entry);
    case "sys":
      return /^[A-Za-z]+$/.test(entry);
  }
}
