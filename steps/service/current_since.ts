/**
 * When `ROOT/current` was pointed to what it points to: the age of the link itself, which a rename
 * leaves as it is. `undefined` where there is none.
 */
export async function currentSince(root: string): Promise<Date | undefined> {
  try {
    return (await Deno.lstat(`${root}/current`)).mtime ?? undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return;
    throw error;
  }
}
