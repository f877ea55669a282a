import { messageDepth } from "./limits.ts";

/**
 * Whether a value that came out of `JSON.parse` has no more levels than code that walks over it can
 * stand: what another process sends may be nothing but brackets.
 */
export function isShallow(value: unknown, levels: number = messageDepth): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((member) => isShallow(member, levels - 1));
}
