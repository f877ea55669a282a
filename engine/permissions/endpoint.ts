/** What an entry of `connect` or `listen` means. */
export type Endpoint =
  | { readonly kind: "unix"; readonly path: string }
  | {
    readonly kind: "host";
    /** In small letters; without the `*.` of a wildcard, with the brackets of an IPv6 address. */
    readonly host: string;
    /** `*.example.com`: the name itself and every name below it, as Deno reads it. */
    readonly wildcard: boolean;
    /** Absent for every port. */
    readonly port?: number;
  };

const hostPattern = /^(\*\.)?(\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?)(?::(\d{1,5}))?$/;

/**
 * Reads `host`, `host:port`, `*.host`, `[ipv6]:port` or `unix:/path`; `undefined` for anything else,
 * which no grant reaches but an equal one, and for which no flag is made.
 *
 * @example
 * ```ts
 * import { parseEndpoint } from "./endpoint.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(parseEndpoint("Example.com:443"), {
 *   kind: "host",
 *   host: "example.com",
 *   wildcard: false,
 *   port: 443,
 * });
 * assert.equal(parseEndpoint("10.0.0.0/8"), undefined);
 * ```
 */
export function parseEndpoint(text: string): Endpoint | undefined {
  if (text.startsWith("unix:")) return { kind: "unix", path: text.slice("unix:".length) };
  const match = hostPattern.exec(text.toLowerCase());
  if (match === null) return undefined;
  const [, star, host, port] = match;
  // A wildcard over digits would reach addresses, which have no names below them.
  if (star !== undefined && /^[\d.]+$|^\[/.test(host!)) return undefined;
  if (port !== undefined && Number(port) > 65535) return undefined;
  const wildcard = star !== undefined;
  return {
    kind: "host",
    host: host!,
    wildcard,
    ...(port === undefined ? {} : { port: Number(port) }),
  };
}
