/**
 * Removes a folder that may be read-only, with all in it; a missing one is fine. Links are removed,
 * never followed.
 */
export async function removeTree(folder: string): Promise<void> {
  try {
    await makeWritable(folder);
    await Deno.remove(folder, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function makeWritable(folder: string): Promise<void> {
  const info = await Deno.lstat(folder);
  if (!info.isDirectory) return;
  await Deno.chmod(folder, 0o755);
  for await (const entry of Deno.readDir(folder)) {
    if (entry.isDirectory) await makeWritable(`${folder}/${entry.name}`);
  }
}
