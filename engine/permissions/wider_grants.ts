import type { DenoGrant } from "./deno_grant.ts";
import { parseEndpoint } from "./endpoint.ts";

/**
 * Every entry that would grant all that this one does, and more, as Deno reads them, nearest first:
 * the folders above a path; a host without its port, and the wildcards that match its name. Where one
 * of them is granted, this one cannot be given up alone; and revoking this one drops each of them.
 * Networks (`10.0.0.0/8`) are left out: no set has any.
 *
 * @example
 * ```ts
 * import { widerGrants } from "./wider_grants.ts";
 * import assert from "node:assert/strict";
 *
 * const wider = widerGrants({ kind: "read", entry: "/srv/a" }).map(({ entry }) => entry);
 * assert.deepEqual(wider, ["/srv", "/"]);
 * ```
 */
export function widerGrants({ kind, entry }: DenoGrant): readonly DenoGrant[] {
  switch (kind) {
    case "read":
    case "write":
      return foldersAbove(entry).map((folder) => ({ kind, entry: folder }));
    case "net":
      return widerEndpoints(entry).map((endpoint) => ({ kind, entry: endpoint }));
    case "env":
    case "sys":
    case "run":
      return []; // Names, without patterns.
  }
}

function foldersAbove(path: string): readonly string[] {
  const folders: string[] = [];
  for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
    folders.push(path.slice(0, end));
  }
  return path === "/" ? [] : [...folders, "/"];
}

function widerEndpoints(entry: string): readonly string[] {
  const endpoint = parseEndpoint(entry);
  // To Deno the path of a socket is a name: the folder above it grants nothing.
  if (endpoint?.kind !== "host") return [];
  const { host, wildcard, port } = endpoint;
  const isAddress = /^\[|^[\d.]+$/.test(host);
  const labels = isAddress ? [] : host.split(".");
  const names = [
    wildcard ? `*.${host}` : host,
    ...labels.map((_, index) => `*.${labels.slice(index).join(".")}`),
  ];
  const withPort = port === undefined ? [] : names.map((name) => `${name}:${port}`);
  // The first is the entry itself; a wildcard is among the wildcards of its name once more.
  return [...new Set([...withPort, ...names])].slice(1);
}
