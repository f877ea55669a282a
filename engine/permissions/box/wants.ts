import { parseEndpoint } from "../endpoint.ts";
import { escapeOf } from "../escape.ts";
import type { Permissions, ProgramGrant } from "../permissions.ts";
import { needsOf } from "../program_needs.ts";
import { libraryPaths, networkPaths, programPaths, userPaths } from "../system_paths.ts";
import type { BoxWants } from "./contents.ts";
import type { Look } from "./look.ts";

/** What a set has to find in its box. */
export interface SetWants extends BoxWants {
  /** Whether anything of the set is of use on the machine's network only. */
  readonly network: boolean;
}

/**
 * What a process with a set needs in its box: its paths and sockets, the libraries of the system, its
 * programs with what each is known to need, and on the network how hosts are found. A program that
 * may run any code finds all programs of the system; any other only itself. Brokered programs are not
 * in it: they run elsewhere.
 *
 * @param programs absolute paths of the programs with bare names
 */
export function wantsOf(
  set: Permissions,
  programs: Readonly<Record<string, string>>,
  look: Look,
): SetWants {
  const endpoints = (entries: readonly string[]) => entries.map(parseEndpoint);
  const paths = (entries: readonly string[]) =>
    endpoints(entries).flatMap((one) => one?.kind === "unix" ? [one.path] : []);
  const grants = set.run.filter(({ brokered }) => brokered !== true);
  const needs = grants.map(needsOf);
  const network = set.sys.includes("networkInterfaces") || needs.some((need) => need.network) ||
    endpoints([...set.connect, ...set.listen]).some((one) => one?.kind !== "unix");
  const files = grants.map((grant) => ({ grant, path: pathOf(grant, programs) }));
  const any = files.some(({ grant, path }) =>
    escapeOf(grant).class === "arbitrary-code" || isScript(path, look)
  );
  return {
    read: set.read,
    write: set.write,
    connect: paths(set.connect),
    listen: paths(set.listen),
    system: [
      ...libraryPaths,
      ...(any ? programPaths : []),
      ...(grants.length === 0 ? [] : userPaths),
      ...(network ? networkPaths : []),
      ...needs.flatMap(({ read }) => read),
    ],
    fixed: files.map(({ path }) => path),
    network,
  };
}

function pathOf({ program }: ProgramGrant, programs: Readonly<Record<string, string>>): string {
  if (program.startsWith("/")) return program;
  return Object.hasOwn(programs, program) ? programs[program]! : `/usr/bin/${program}`;
}

function isScript(path: string, look: Look): boolean {
  const found = look(path);
  return found.kind === "file" && found.script;
}
