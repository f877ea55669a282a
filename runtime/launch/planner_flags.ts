import { hasOption, optionValue } from "./command_line.ts";
import type { LaunchPlaces } from "./places.ts";
import { resolvePath } from "./resolve_path.ts";
import { subcommand } from "./subcommand.ts";

/**
 * The permissions of the planner: reading the folders of the files that stand on the command line
 * (pipelines include their neighbours), the pipelines that ship, and the runs. So that it can tell a
 * name that was mistyped, the folder of a pipeline that does not exist counts too. Variables look
 * unset: it asks for those it needs by name.
 *
 * Two commands write: `mark-done` among the runs, and `lock`, without `--check`, the two files that say
 * what may be done.
 *
 * A planner that is handed signed texts reads no pipeline itself: the runs and the file of values are
 * all that is left.
 *
 * @param more files that are named by the lock, whose folders it may read
 */
export function plannerFlags(
  args: readonly string[],
  places: LaunchPlaces,
  { handed = false, more = [] }: {
    readonly handed?: boolean;
    readonly more?: readonly string[];
  } = {},
): string[] {
  const command = subcommand(args);
  const lock = `${places.project}/permissions.lock.json`;
  const locked = [lock, `${places.project}/deno.json`];
  const shows = command === "surfaces" || command === "permissions";
  const roots = handed ? handedRoots(args, places) : new Set([
    `${places.project}/pipelines`,
    places.runs,
    ...(command === "lock" ? locked : shows ? [lock] : []),
    ...more.flatMap((file) => rootOf(file) ?? []),
    ...args.flatMap(spellings).flatMap((text) => rootOf(resolvePath(places.cwd, text)) ?? []),
  ]);
  // Deno reads a comma as the end of a path: such a folder cannot be granted.
  const readable = [...roots].filter((root) => !root.includes(","));
  const writes = (command === "mark-done" ? [places.runs] : writesLock(args) ? locked : [])
    .filter((path) => !path.includes(","));
  return [
    "--ignore-env",
    `--allow-read=${readable.join(",")}`,
    ...(writes.length === 0 ? [] : [`--allow-write=${writes.join(",")}`]),
  ];
}

function writesLock(args: readonly string[]): boolean {
  return subcommand(args) === "lock" && !hasOption(args, "--check");
}

/** Without the folder of the file of values: it may be that of the pipeline. */
function handedRoots(args: readonly string[], { cwd, runs }: LaunchPlaces): ReadonlySet<string> {
  const params = optionValue(args, "--params");
  return new Set(params === undefined ? [runs] : [runs, resolvePath(cwd, params)]);
}

/** `FILE`, `--params=FILE`, `--param=bundle=FILE`: what of an argument may name a file. */
function spellings(argument: string): readonly string[] {
  const parts = argument.split("=");
  return [0, 1, 2].flatMap((from) => {
    const text = parts.slice(from).join("=");
    return text === "" || text.includes("\0") || text.startsWith("-") ? [] : [text];
  });
}

/** The folder of a file; the file alone where that would be the whole disk. */
function rootOf(path: string): string | undefined {
  const folder = path.slice(0, path.lastIndexOf("/"));
  try {
    if (!Deno.statSync(path).isFile) return;
  } catch (error) {
    const missing = error instanceof Deno.errors.NotFound && /\.(ya?ml|json)$/.test(path);
    return missing && folder !== "" && isFolder(folder) ? folder : undefined;
  }
  return folder || path;
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
