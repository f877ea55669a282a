/**
 * What a file or folder is, for comparing before and after: kinds, modes, link targets and digests
 * of contents, by path.
 */
export async function snapshot(paths: readonly string[]): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const path of paths) await visit(path, found);
  return found;
}

async function visit(path: string, found: Record<string, string>): Promise<void> {
  let info: Deno.FileInfo;
  try {
    info = await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  const mode = ((info.mode ?? 0) & 0o777).toString(8);
  if (info.isSymlink) found[path] = `link to ${await Deno.readLink(path)}`;
  else if (info.isFile) found[path] = `file ${mode} ${await digest(path)}`;
  else if (info.isDirectory) {
    found[path] = `folder ${mode}`;
    for await (const entry of Deno.readDir(path)) await visit(`${path}/${entry.name}`, found);
  } else found[path] = "other";
}

async function digest(path: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
  return new Uint8Array(hash).toHex();
}
