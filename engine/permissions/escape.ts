import type { ProgramGrant } from "./permissions.ts";

/** What a granted program could do beyond its arguments: the first thing a reviewer looks at. */
export interface Escape {
  /** `argument-limited`: its arguments say all that it does. `arbitrary-code`: it may run any code. */
  readonly class: "argument-limited" | "arbitrary-code";
  /** One clause, such as `tar runs what --checkpoint-action names`. */
  readonly reason: string;
}

/**
 * The escape class of a grant, by the name of its program and the shape of its arguments. A program
 * that nobody has looked at counts as arbitrary code.
 */
export function escapeOf({ program }: ProgramGrant): Escape {
  return { class: "arbitrary-code", reason: `nobody has looked at ${program}` };
}
