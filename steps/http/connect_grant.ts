/**
 * The grant that a request to a URL needs: exactly its host and port, the scheme's own port where
 * the URL names none. A name and its address are different grants; the URL's spelling is kept.
 *
 * @example
 * ```ts
 * import { connectGrant } from "./connect_grant.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(connectGrant("http://127.0.0.1:7443/healthz"), "127.0.0.1:7443");
 * assert.equal(connectGrant("https://[::1]/healthz"), "[::1]:443");
 * ```
 */
export function connectGrant(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
}
