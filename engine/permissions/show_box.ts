import type { ProgramBox } from "./permissions.ts";

/**
 * What a box of a brokered program holds, in words.
 *
 * @example
 * ```ts
 * import { showBox } from "./show_box.ts";
 * import assert from "node:assert/strict";
 *
 * const box = { read: ["/opt/atp"], write: ["/var/lib/atp"], network: false };
 * assert.equal(showBox(box), "writes /var/lib/atp; reads /opt/atp; no network");
 * ```
 */
export function showBox({ read, write, network }: ProgramBox): string {
  return [
    ...write.length === 0 ? [] : [`writes ${write.join(", ")}`],
    ...read.length === 0 ? [] : [`reads ${read.join(", ")}`],
    network ? "is on the network" : "no network",
  ].join("; ");
}

/** How the launcher starts a brokered program, in words. */
export function showConfinement(box: ProgramBox | undefined): string {
  if (box === undefined) return "by the launcher, not confined";
  return `by the launcher, in a box of its own: ${showBox(box)}`;
}
