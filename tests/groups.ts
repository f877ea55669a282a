/**
 * The groups of tests and what each may touch. A test file belongs to the first group whose folder
 * holds it, so that nothing runs twice and nothing is left out unseen.
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
}

export interface Group {
  readonly name: string;
  /** Folders or files, relative to the project. */
  readonly paths: readonly string[];
  /** Permissions, spelled out. */
  flags(places: Places): readonly string[];
  /** Programs, beyond Deno and coreutils, without which the group is left out. */
  readonly needs?: readonly string[];
  /** Whether examples in docstrings and Markdown are run instead of test files. */
  readonly doc?: true;
}

const ownFiles = ({ project, tmp }: Places) => [
  `--allow-read=${project},${tmp}`,
  `--allow-write=${tmp}`,
];

const loopback = "--allow-net=127.0.0.1,localhost,[::1]";

/** What `deno task test` runs: needs no package of the system. */
export const groups: readonly Group[] = [
  {
    name: "engine",
    paths: ["engine"],
    flags: (
      at,
    ) => [
      ...ownFiles(at),
      run("/usr/bin/env", "/usr/bin/ln", "/usr/bin/sleep", "/bin/sh"),
      "--allow-env=SLUICE_UPDATE_GOLDEN,SLUICE_TEST_VALUE",
    ],
  },
  {
    name: "steps",
    paths: ["steps"],
    flags: (
      at,
    ) => [
      ...ownFiles(at),
      // Unix sockets are granted one by one; the tests of the supervisor share this one.
      `${loopback},unix:${at.tmp}/supervisor.sock`,
      run(at.deno, "/usr/bin/ln"),
      "--allow-sys=statfs,uid",
    ],
  },
  {
    name: "runtime",
    paths: ["runtime"],
    flags: (at) => [...ownFiles(at), loopback, run(at.deno), "--allow-env"],
  },
  {
    name: "project",
    paths: ["tests/layering", "tests/docs", "tests/golden"],
    flags: (at) => [`--allow-read=${at.project}`, run(at.deno)],
  },
  {
    name: "conformance",
    paths: ["tests/conformance"],
    flags: (at) => [...ownFiles(at), loopback, run(at.deno, "/usr/bin/ln")],
  },
  { name: "cli", paths: ["tests/cli"], flags: (at) => [...ownFiles(at), loopback, run(at.deno)] },
  { name: "examples", paths: ["engine", "steps"], doc: true, flags: (at) => ownFiles(at) },
];

/** What `deno task test:system` runs besides: needs programs of the system. */
export const systemGroups: readonly Group[] = [];

function run(...programs: string[]): string {
  return `--allow-run=${programs.join(",")}`;
}
