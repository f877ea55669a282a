/** The scratch folders of a run. */
export interface Scratch {
  /** The step's own, made empty at the first call. */
  of(step: string): Promise<string>;
  /** Removes all of them. */
  remove(): Promise<void>;
}

/** @param folder absolute; made when the first step asks, removed whole */
export function makeScratch(folder: string): Scratch {
  const made = new Map<string, Promise<string>>();
  const make = async (step: string) => {
    const own = `${folder}/${step}`;
    await removeTree(own); // A killed process may have left one.
    await Deno.mkdir(own, { recursive: true, mode: 0o700 });
    return own;
  };
  return {
    of(step) {
      const own = made.get(step) ?? make(step);
      made.set(step, own);
      return own;
    },
    async remove() {
      if (made.size === 0) return;
      await Promise.allSettled(made.values());
      made.clear();
      await removeTree(folder);
    },
  };
}

async function removeTree(folder: string): Promise<void> {
  try {
    await Deno.remove(folder, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
