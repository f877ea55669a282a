import { resolvePath } from "../resolve_path.ts";
import { realPath } from "../real_paths.ts";

/** What is appended to a pipeline's name for its signature. */
export const signatureSuffix = ".sig.json";

/** The folder of a file: absolute, as the file is. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** The absolute path of a file that a statement names. */
export function pathOf(pipeline: string, name: string): string {
  return resolvePath(folderOf(pipeline), name);
}

/** A file's path relative to the project, both behind links; `undefined` where it lies elsewhere. */
export function withinProject(file: string, project: string): string | undefined {
  const root = `${realPath(project)}/`;
  const real = realPath(file);
  return real.startsWith(root) ? real.slice(root.length) : undefined;
}
