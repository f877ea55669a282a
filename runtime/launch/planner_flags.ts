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
 */
export function plannerFlags(args: readonly string[], places: LaunchPlaces): string[] {
  const command = subcommand(args);
  const lock = `${places.project}/permissions.lock.json`;
  const locked = [lock, `${places.project}/deno.json`];
  const shows = command === "surfaces" || command === "permissions";
  const roots = new Set([
    `${places.project}/pipelines`,
    places.runs,
    ...(command === "lock" ? locked : shows ? [lock] : []),
  ]);
  for (const argument of args) {
    for (const text of spellings(argument)) {
      const root = rootOf(resolvePath(places.cwd, text));
      if (root !== undefined) roots.add(root);
    }
  }
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
  return subcommand(args) === "lock" && !args.includes("--check");
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
