/**
 * A URL as it may be told: without credentials, query and fragment, which may be a signature.
 *
 * @example
 * ```ts
 * import { shownUrl } from "./shown_url.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(shownUrl(new URL("https://u:p@h.example/a?X-Amz-Signature=1")), "https://h.example/a?…");
 * ```
 */
export function shownUrl({ protocol, host, pathname, search }: URL): string {
  return `${protocol}//${host}${pathname}${search === "" ? "" : "?…"}`;
}
