import { parseEndpoint } from "./endpoint.ts";
import { pathCovers } from "./path.ts";

/**
 * Whether a grant on one entry of `connect` or `listen` reaches another: a host without a port
 * reaches all its ports, `*.example.com` the name itself and all below it, `unix:/folder` every
 * socket in it. A name and its address are two things.
 *
 * @example
 * ```ts
 * import { endpointCovers } from "./endpoint_covers.ts";
 * import assert from "node:assert/strict";
 *
 * assert.ok(endpointCovers("localhost", "localhost:8080"));
 * assert.ok(!endpointCovers("localhost:80", "localhost:8080"));
 * ```
 */
export function endpointCovers(ceiling: string, entry: string): boolean {
  if (ceiling === entry) return true;
  const outer = parseEndpoint(ceiling);
  const inner = parseEndpoint(entry);
  if (outer === undefined || inner === undefined) return false;
  if (outer.kind === "unix" || inner.kind === "unix") {
    return outer.kind === "unix" && inner.kind === "unix" && pathCovers(outer.path, inner.path);
  }
  if (outer.port !== undefined && outer.port !== inner.port) return false;
  if (!outer.wildcard) return !inner.wildcard && outer.host === inner.host;
  return inner.host === outer.host || inner.host.endsWith(`.${outer.host}`);
}
