import { resolvePath } from "../resolve_path.ts";

/** What is appended to a pipeline's name for its signature. */
export const signatureSuffix = ".sig.json";

/** Where the surfaces are declared, in the project: a fixed one gives values to its pipeline there. */
export const surfacesFile = "pipelines/surfaces.yaml";

/** The folder of a file: absolute, as the file is. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** The absolute path of a file that a statement names. */
export function pathOf(pipeline: string, name: string): string {
  return resolvePath(folderOf(pipeline), name);
}

/**
 * The name of a file as a statement has it: its path from a folder.
 *
 * @example
 * ```ts
 * import { relativeName } from "./file_names.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(relativeName("/srv/a", "/srv/b/c.ts"), "../b/c.ts");
 * ```
 */
export function relativeName(folder: string, path: string): string {
  const from = folder.split("/").filter(Boolean);
  const to = path.split("/").filter(Boolean);
  const shared = to.findIndex((part, index) => part !== from[index]);
  return [...from.slice(shared).map(() => ".."), ...to.slice(shared)].join("/");
}
