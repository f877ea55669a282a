import type { Permissions, ProgramBox, ProgramGrant } from "./permissions.ts";

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

/** The most that a module may be granted, in words. */
export function showModule(set: Permissions): string {
  const verbs = {
    write: "writes",
    read: "reads",
    connect: "connects to",
    listen: "listens on",
    env: "has the variables",
    sys: "asks the system for",
  } as const;
  const clauses = (Object.keys(verbs) as (keyof typeof verbs)[])
    .filter((kind) => set[kind].length > 0)
    .map((kind) => `${verbs[kind]} ${set[kind].join(", ")}`);
  return clauses.length === 0 ? "nothing" : clauses.join("; ");
}

/** How the launcher starts a brokered program, in words. */
export function showConfinement({ box, deno }: Pick<ProgramGrant, "box" | "deno">): string {
  if (deno !== undefined) return `by Deno, which grants it at most: ${showModule(deno)}`;
  if (box === undefined) return "by the launcher, not confined";
  return `by the launcher, in a box of its own: ${showBox(box)}`;
}
