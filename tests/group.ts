/**
 * What a group of tests is: its files, what they may touch, and what has to be there for them.
 *
 * @module
 */

/** Where a group's programs are found, and what the flags of a group are made from. */
export interface Places {
  readonly project: string;
  /** A folder of this run's own; `TMPDIR` of the tests. */
  readonly tmp: string;
  /** The Deno that runs all this. */
  readonly deno: string;
  /** Whether golden files are rewritten instead of compared. */
  readonly update: boolean;
}

export interface Group {
  readonly name: string;
  /** Folders or files, relative to the project. */
  readonly paths: readonly string[];
  /** Permissions, spelled out. */
  flags(places: Places): readonly string[];
  /** Programs, beyond Deno and coreutils, without which the group is left out. */
  readonly needs?: readonly string[];
  /** What it needs besides, and a command that succeeds where that is given. */
  readonly probe?: { readonly what: string; readonly command: readonly [string, ...string[]] };
  /** Variables that its tests find besides. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether examples in docstrings and Markdown are run instead of test files. */
  readonly doc?: true;
}
