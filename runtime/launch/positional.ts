/**
 * Options that take a value as the next argument. A test holds the list to the command line's own
 * definition, which the launcher may not import.
 */
export const valueOptions: readonly string[] = [
  "--accept",
  "--as",
  "--box",
  "--box",
  "--events",
  "--expires",
  "--facts",
  "--format",
  "--key",
  "--keys",
  "--output",
  "--param",
  "--params",
  "--password",
  "--pipeline",
  "--plan",
  "--prefix",
  "--program",
  "--reason",
  "--require-signature",
  "--root",
  "--runs",
  "--surface",
  "--tokens",
  "--unit-dir",
];

/**
 * The arguments of a command line that are neither options nor their values: the command first. What
 * the planner then reads of it may differ; so it decides nothing but what to verify, and the planner
 * gets nothing else.
 *
 * @example
 * ```ts
 * import { positional } from "./positional.ts";
 * import assert from "node:assert/strict";
 *
 * const args = ["run", "--param", "a=b", "apply.yaml", "--accept=sha256:0"];
 * assert.deepEqual(positional(args), ["run", "apply.yaml"]);
 * ```
 */
export function positional(args: readonly string[]): readonly string[] {
  const found: string[] = [];
  let taken = false;
  for (const [index, argument] of args.entries()) {
    if (taken) taken = false;
    else if (argument === "--") return [...found, ...args.slice(index + 1)];
    else if (argument.startsWith("-") && argument !== "-") taken = valueOptions.includes(argument);
    else found.push(argument);
  }
  return found;
}
