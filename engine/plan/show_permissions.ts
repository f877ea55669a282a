import { type Escape, escapeOf } from "../permissions/escape.ts";
import type { Permissions, ProgramGrant } from "../permissions/permissions.ts";
import { showConfinement } from "../permissions/show_box.ts";
import { showCommand } from "../permissions/show_command.ts";

/** One line of a permission set: what is done, and to what. */
export interface PermissionLine {
  readonly verb: "runs" | "writes" | "reads" | "connects" | "listens" | "env" | "sys";
  readonly what: string;
  /** Of a program: whether its arguments say all that it does. */
  readonly escape?: Escape["class"];
}

/**
 * A permission set in words, a grant a line. Programs come first: they leave the sandbox.
 *
 * @example
 * ```ts
 * import { permissions } from "../permissions/permissions.ts";
 * import { showPermissions } from "./show_permissions.ts";
 * import assert from "node:assert/strict";
 *
 * const set = permissions({ read: ["/srv"], run: [{ program: "ln", args: ["-s", "*"], env: [] }] });
 * assert.deepEqual(showPermissions(set).map(({ verb, what }) => `${verb} ${what}`), [
 *   "runs ln -s *",
 *   "reads /srv",
 * ]);
 * ```
 */
export function showPermissions(set: Permissions): readonly PermissionLine[] {
  const lines = (verb: PermissionLine["verb"], all: readonly string[]) =>
    [...new Set(all)].sort().map((what) => ({ verb, what }));
  const classes = new Map(set.run.map((grant) => [showProgram(grant), escapeOf(grant).class]));
  const programs = [...classes].sort().map(([what, escape]): PermissionLine => ({
    verb: "runs",
    what,
    escape,
  }));
  return [
    ...programs,
    ...lines("writes", set.write),
    ...lines("reads", set.read),
    ...lines("connects", set.connect),
    ...lines("listens", set.listen),
    ...lines("env", set.env),
    ...lines("sys", set.sys),
  ];
}

/** A program with the shape of its arguments, as `ln -sfn * *`. */
export function showProgram(grant: ProgramGrant): string {
  const { env, brokered } = grant;
  const variables = env.length === 0 ? "" : ` with ${[...env].sort().join(", ")}`;
  return showCommand(grant) + variables + (brokered ? ` (${showConfinement(grant)})` : "");
}

/** A line for people: a program with its escape class, which is looked at first. */
export function showLine({ what, escape }: PermissionLine): string {
  return escape === undefined ? what : `${what} [${escape.replace("-", " ")}]`;
}
