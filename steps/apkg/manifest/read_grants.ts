import { didYouMean } from "../../../engine/document/suggest.ts";
import { isExact } from "../../../engine/permissions/deno_grant.ts";
import { type TextKind, textKinds } from "../../../engine/permissions/grants.ts";
import { nameFault } from "../../archive/safe_name.ts";
import { asText, entryOf, fieldOf, listOf, type MapNode, mapOf } from "./manifest_node.ts";
import type { Manifest } from "./manifest.ts";

/**
 * What an agent in TypeScript asks for: entries of Sluice's own kinds, but for programs, which no agent
 * starts. A path may be one in the package: `data`, or `.` for the whole of it.
 */
export function readGrants(top: MapNode, runtime: Manifest["runtime"]): Manifest["permissions"] {
  const entry = entryOf(top, "permissions");
  if (entry === undefined) return undefined;
  if (runtime !== "deno") {
    top.report.error(
      "bad-permissions",
      entry.keySpan,
      "permissions are declared by packages with runtime: deno: nothing holds Python to them",
      "remove it",
    );
    return undefined;
  }
  const map = mapOf(top, "permissions");
  if (map === undefined) return undefined;
  for (const { key, keySpan } of map.entries) {
    if (textKinds.some((kind) => kind === key)) continue;
    const hint = key === "run"
      ? "an agent starts no programs: do it in its own code"
      : key === "net"
      ? "connecting and listening are apart here: write connect or listen"
      : didYouMean(key, textKinds);
    const message = `${fieldOf(map, key)} is no kind of permission`;
    map.report.error("unknown-key", keySpan, message, hint);
  }
  const kinds = textKinds.map((kind) => [kind, readKind(map, kind)] as const);
  return Object.fromEntries(kinds.filter(([, entries]) => entries.length > 0));
}

function readKind(map: MapNode, kind: TextKind): readonly string[] {
  return listOf(map, kind).flatMap((node, index) => {
    const field = `${fieldOf(map, kind)}[${index}]`;
    const text = asText(node, field, map);
    if (text === undefined) return [];
    if (isGrantable(kind, text.value)) return [text.value];
    map.report.error(
      "bad-permissions",
      text.span,
      `${field} cannot be granted: ${JSON.stringify(text.value.slice(0, 100))}`,
      hints[kind],
    );
    return [];
  });
}

const hints: Readonly<Record<TextKind, string>> = {
  read: "write a path in the package, such as data, or an absolute one",
  write: "write a path in the package, such as data, or an absolute one",
  connect: "write HOST or HOST:PORT, as in api.example.com:443",
  listen: "write HOST:PORT",
  env: "write the name of one variable: there are no patterns",
  sys: "write a kind of system information, such as hostname",
};

/** Whether Deno can be told this entry and nothing wider. */
function isGrantable(kind: TextKind, entry: string): boolean {
  const path = kind === "read" || kind === "write";
  if (path && !entry.startsWith("/")) {
    return !entry.includes(",") && (entry === "." || nameFault(entry) === undefined);
  }
  return isExact({ kind: kind === "connect" || kind === "listen" ? "net" : kind, entry });
}

/** Reports what `environment` gives an agent that may not read it. */
export function checkEnvironment(
  top: MapNode,
  { runtime, permissions }: Pick<Manifest, "runtime" | "permissions">,
): void {
  const map = runtime === "deno" ? mapOf(top, "environment") : undefined;
  for (const { key, keySpan } of map?.entries ?? []) {
    if (permissions?.env?.includes(key)) continue;
    const message = `environment.${key} is for a variable that the agent may not read`;
    top.report.error("bad-permissions", keySpan, message, `add ${key} to permissions.env`);
  }
}
