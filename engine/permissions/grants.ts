import { canonicalJson, type Json } from "../json.ts";
import { endpointCovers } from "./endpoint_covers.ts";
import { pathCovers } from "./path.ts";
import type { Permissions, ProgramGrant } from "./permissions.ts";

/** The kinds of grants whose entries are texts. */
export const textKinds = ["read", "write", "connect", "listen", "env", "sys"] as const;

export type TextKind = (typeof textKinds)[number];

const reachOf: Readonly<Record<TextKind, (ceiling: string, entry: string) => boolean>> = {
  read: pathCovers,
  write: pathCovers,
  connect: endpointCovers,
  listen: endpointCovers,
  // Exact names, no patterns: a prefix would also reach a secret that nobody thought of.
  env: Object.is,
  sys: Object.is,
};

/** Whether one entry of a kind reaches another of the same kind. */
export function entryCovers(kind: TextKind, ceiling: string, entry: string): boolean {
  return reachOf[kind](ceiling, entry);
}

/** Rebuilds a set kind by kind. */
export function mapGrants(
  set: Permissions,
  text: (entries: readonly string[], kind: TextKind) => readonly string[],
  run: (grants: readonly ProgramGrant[]) => readonly ProgramGrant[],
): Permissions {
  return {
    read: text(set.read, "read"),
    write: text(set.write, "write"),
    connect: text(set.connect, "connect"),
    listen: text(set.listen, "listen"),
    env: text(set.env, "env"),
    sys: text(set.sys, "sys"),
    run: run(set.run),
  };
}

/** A text that two grants share exactly when they are equal. */
export function grantKey(grant: ProgramGrant): string {
  return canonicalJson(grant as unknown as Json);
}
