import { mustRun } from "./run_program.ts";

/** Mounts a file system in memory on a folder, until it is disposed of. */
export async function mountTmpfs(folder: string, options: string): Promise<AsyncDisposable> {
  await Deno.mkdir(folder, { recursive: true });
  await mustRun("/usr/bin/mount", ["-t", "tmpfs", "-o", options, "none", folder]);
  return {
    async [Symbol.asyncDispose]() {
      // Lazily: a process that is about to end may still have a file of it open.
      await mustRun("/usr/bin/umount", ["--lazy", folder]);
    },
  };
}

/** Fills a file system with one file, but for some bytes. */
export async function fill(file: string, left: number): Promise<void> {
  using handle = await Deno.open(file, { write: true, create: true });
  const piece = new Uint8Array(65_536);
  let size = 0;
  try {
    for (;;) size += await handle.write(piece);
  } catch (error) {
    if ((error as { code?: string }).code !== "ENOSPC") throw error;
  }
  await handle.truncate(Math.max(0, size - left));
}
