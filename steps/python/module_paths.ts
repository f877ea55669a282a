import type { PackageEntries } from "./venv_params.ts";

/**
 * Where the modules of a package lie: `src/` where there is one, and its root. One that is installed
 * has them in its environment.
 */
export async function modulePaths(
  folder: string,
  install: PackageEntries["install"],
): Promise<string[]> {
  if (install === "project") return [];
  const src = `${folder}/src`;
  return await isFolder(src) ? [src, folder] : [folder];
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
