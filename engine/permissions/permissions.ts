/**
 * What a step, a process or a surface may touch, as plain JSON: computed from a step's parameters,
 * shown by `sluice plan`, checked against ceilings, and turned into Deno's flags.
 *
 * A value is a set: order and repetition mean nothing, and {@linkcode normalise} gives the form to
 * show and to digest. Paths are absolute, or begin with `${project}`, `${runs}` or `${tmp}` in a lock.
 */
export interface Permissions {
  /** Paths that may be read, with all below them. */
  readonly read: readonly string[];
  /** Paths that may be written, with all below them. */
  readonly write: readonly string[];
  /** `host`, `host:port`, `[ipv6]:port` or `unix:/path` that may be connected to. */
  readonly connect: readonly string[];
  /** `host:port` or `unix:/path` that may be listened on. */
  readonly listen: readonly string[];
  /** Names of environment variables that may be read. */
  readonly env: readonly string[];
  /** Kinds of system information, such as `statfs` or `hostname`. */
  readonly sys: readonly string[];
  /** Programs that may be started. They leave Deno's sandbox: look at these first. */
  readonly run: readonly ProgramGrant[];
}

/** One program with the shape of its arguments. */
export interface ProgramGrant {
  /** A bare name, found in the system folders only (never through PATH), or an absolute path. */
  readonly program: string;
  /**
   * The arguments it may be given. `*` stands for exactly one argument, `**` (last) for any number,
   * `prefix*` for one argument that begins so, and without a segment `..` where the prefix has a `/`;
   * anything else is literal.
   */
  readonly args: readonly string[];
  /** Names of the variables that it gets; nothing else of the environment reaches it. */
  readonly env: readonly string[];
  /**
   * `true` when the runner may not start it itself because it could write the program: the
   * launcher starts it in a process of its own instead. A path may then hold `*` for one segment.
   */
  readonly brokered?: true;
  /** The box of its own that a brokered program runs in; left out, it is not confined. */
  readonly box?: ProgramBox;
  /**
   * The most that a brokered program may be granted that is a module of TypeScript or JavaScript: it is
   * run by Deno, which holds it to what the step asks for out of this, and so does a box where there
   * is one. It names no programs: such a module starts none. Instead of `box`.
   */
  readonly deno?: Permissions;
}

/**
 * What the box of one brokered program holds beside the system's own programs and libraries and the
 * program itself, all read-only. Nothing else is there: no network, no other process, no variable
 * that was not granted.
 */
export interface ProgramBox {
  /** Paths that it may read, with all below them. */
  readonly read: readonly string[];
  /** Paths that it may read and write, with all below them. */
  readonly write: readonly string[];
  /** Whether it is on the machine's network. */
  readonly network: boolean;
}

/** Nothing at all. */
export const none: Permissions = {
  read: [],
  write: [],
  connect: [],
  listen: [],
  env: [],
  sys: [],
  run: [],
};

/**
 * A set from the parts that are not empty.
 *
 * @example
 * ```ts
 * import { permissions } from "./permissions.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(permissions({ read: ["/srv"] }).write, []);
 * ```
 */
export function permissions(parts: Partial<Permissions>): Permissions {
  return { ...none, ...parts };
}
