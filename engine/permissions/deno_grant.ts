import { spellEndpoint } from "./endpoint.ts";

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
