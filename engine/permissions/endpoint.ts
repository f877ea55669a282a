/** What an entry of `connect` or `listen` means. */
export type Endpoint =
  | { readonly kind: "unix"; readonly path: string }
  | {
    readonly kind: "host";
    /**
     * In small letters; without the `*.` of a wildcard, with the brackets of an IPv6 address, which
     * has one spelling here: the shortest, and that of IPv4 where it stands for such an address.
     */
    readonly host: string;
    /** `*.example.com`: the name itself and every name below it, as Deno reads it. */
    readonly wildcard: boolean;
    /** Absent for every port. */
    readonly port?: number;
  };

const hostPattern =
  /^(\*\.)?(\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?)(?::(0|[1-9]\d{0,4}))?$/;

/** Of an address in numbers, or of what a resolver reads as one, the last label is a number. */
const numericPattern = /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/;

/**
 * Reads `host`, `host:port`, `*.host`, `[ipv6]:port` or `unix:/path`; `undefined` for anything else,
 * which no grant reaches but an equal one, and for which no flag is made. An IPv4 address has one
 * spelling: `2130706433`, `127.1` and `0x7f000001`, which resolvers take for `127.0.0.1`, are none.
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
  const isNumeric = numericPattern.test(host!);
  // Addresses have no names below them.
  if (star !== undefined && (isNumeric || host!.startsWith("["))) return undefined;
  if (isNumeric && urlHost(host!) !== host) return undefined;
  if (port !== undefined && Number(port) > 65535) return undefined;
  const wildcard = star !== undefined;
  const spelled = host!.startsWith("[") ? spellAddress(host!) : host!;
  if (spelled === undefined) return undefined;
  return {
    kind: "host",
    host: spelled,
    wildcard,
    ...(port === undefined ? {} : { port: Number(port) }),
  };
}

/** What to write instead of an entry whose host is an address in a spelling that has none. */
export function hintOfAddress(text: string): string | undefined {
  const [, host = "", port = ""] = /^([0-9a-fx.]+)((?::\d+)?)$/.exec(text.toLowerCase()) ?? [];
  if (!numericPattern.test(host)) return undefined;
  const address = urlHost(host);
  if (address === undefined || address === host) return undefined;
  return `resolvers read ${host} as an address: write ${address}${port}`;
}

/** An entry of `connect` or `listen` in the one spelling of what it means; as it is where it has none. */
export function spellEndpoint(text: string): string {
  const endpoint = parseEndpoint(text);
  if (endpoint?.kind !== "host") return text;
  const host = (endpoint.wildcard ? "*." : "") + endpoint.host;
  return endpoint.port === undefined ? host : `${host}:${endpoint.port}`;
}

/** An IPv6 address in its one spelling; `undefined` when it is none. Deno compares addresses, not texts. */
function spellAddress(host: string): string | undefined {
  const hostname = urlHost(host);
  if (hostname === undefined) return undefined;
  const mapped = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(hostname);
  if (mapped === null) return hostname;
  const [high, low] = [parseInt(mapped[1]!, 16), parseInt(mapped[2]!, 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** A host as URLs spell it, who read numbers as resolvers do; `undefined` when it is none. */
function urlHost(host: string): string | undefined {
  const url = `http://${host}`;
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
