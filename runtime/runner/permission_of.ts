import type { DenoGrant } from "../../engine/permissions/deno_grant.ts";
import { parseEndpoint } from "../../engine/permissions/endpoint.ts";

/** A name that no wildcard's host has by itself. */
const label = "sluice-shed";

/**
 * What Deno is asked about an entry, or told to revoke. It knows no name for a wildcard: a name that
 * only the wildcard grants stands for it.
 */
export function permissionOf({ kind, entry }: DenoGrant): Deno.PermissionDescriptor {
  switch (kind) {
    case "read":
    case "write":
      return { name: kind, path: entry };
    case "net":
      return { name: kind, host: entry.startsWith("*.") ? label + entry.slice(1) : entry };
    case "env":
      return { name: kind, variable: entry };
    case "sys":
      // The type does not know all kinds that Deno does, such as statfs.
      return { name: kind, kind: entry } as Deno.SysPermissionDescriptor;
    case "run":
      return { name: kind, command: entry };
  }
}

/**
 * Entries that are granted beside one only where a flag is wider than any entry of ours: a pattern of
 * variables, a network of addresses.
 */
export function besides({ kind, entry }: DenoGrant): readonly DenoGrant[] {
  if (kind === "env") return [{ kind, entry: `${entry}_${label}` }];
  if (kind !== "net") return [];
  const endpoint = parseEndpoint(entry);
  if (endpoint?.kind !== "host" || !/^\[|^[\d.]+$/.test(endpoint.host)) return [];
  const port = endpoint.port === undefined ? "" : `:${endpoint.port}`;
  return [{ kind, entry: neighbour(endpoint.host) + port }];
}

/** The address whose last bit differs. */
function neighbour(host: string): string {
  if (!host.startsWith("[")) {
    return host.replace(/\d+$/, (last) => String(Number(last) ^ 1));
  }
  if (host.endsWith("::]")) return host.replace("::]", "::1]");
  return host.replace(/[0-9a-f]+\]$/, (last) => `${(parseInt(last, 16) ^ 1).toString(16)}]`);
}
