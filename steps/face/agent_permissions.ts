import { isExact } from "../../engine/permissions/deno_grant.ts";
import { type TextKind, textKinds } from "../../engine/permissions/grants.ts";
import { type Permissions, permissions } from "../../engine/permissions/permissions.ts";
import type { Manifest } from "../apkg/manifest/manifest.ts";

/**
 * One entry of AGENT_PERMISSIONS, such as `connect=api.example.com:443`; `undefined` for what is none.
 *
 * @example
 * ```ts
 * import { readAgentPermission } from "./agent_permissions.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(readAgentPermission("env=API_KEY"), { kind: "env", entry: "API_KEY" });
 * assert.equal(readAgentPermission("run=sh"), undefined);
 * ```
 */
export function readAgentPermission(
  text: string,
): { readonly kind: TextKind; readonly entry: string } | undefined {
  const [, name, entry = ""] = /^([a-z]+)=(.+)$/.exec(text) ?? [];
  const kind = textKinds.find((each) => each === name);
  if (kind === undefined) return undefined;
  const denoKind = kind === "connect" || kind === "listen" ? "net" : kind;
  return isExact({ kind: denoKind, entry }) ? { kind, entry } : undefined;
}

/** The most that the operator lets an agent in TypeScript ask for. */
export function operatorsCeiling(texts: readonly string[]): Permissions {
  const entries = texts.flatMap((text) => readAgentPermission(text) ?? []);
  return setOf((kind) => entries.filter((each) => each.kind === kind).map(({ entry }) => entry));
}

/** What a package asks for, whose paths may be in it. */
export function declaredSet(declared: Manifest["permissions"], root: string): Permissions {
  const place = (path: string) => {
    if (path.startsWith("/")) return path;
    return path === "." ? root : `${root}/${path}`;
  };
  return setOf((kind) => {
    const entries = declared?.[kind] ?? [];
    return kind === "read" || kind === "write" ? entries.map(place) : entries;
  });
}

function setOf(entriesOf: (kind: TextKind) => readonly string[]): Permissions {
  return permissions(Object.fromEntries(textKinds.map((kind) => [kind, entriesOf(kind)])));
}
