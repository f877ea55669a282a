/**
 * Makes the n-th effect of a process fail, as a full disk would: creates, writes, syncs, renames,
 * removals and starts of programs. What the engine does in the run's own folder does not count.
 *
 * @module
 */

/** Counts the effects from now on and throws at the one numbered `failAt` (from 1; 0 for none). */
export function injectFault(failAt: number, runFolder: string): { readonly effects: number } {
  const count = { effects: 0 };
  const engineFiles = new WeakSet<Deno.FsFile>();
  const effect = (name: string) => {
    count.effects++;
    if (count.effects === failAt) {
      throw new Error(`No space left on device (os error 28): injected into ${name}`);
    }
  };
  const ofEngine = (path: unknown) => String(path).startsWith(`${runFolder}/`);

  // deno-lint-ignore no-explicit-any
  const deno = Deno as any;
  for (const name of ["mkdir", "rename", "remove", "writeTextFile", "writeFile", "chmod"]) {
    const original = deno[name];
    deno[name] = async (path: string, ...rest: unknown[]) => {
      if (!ofEngine(path)) effect(name);
      return await original(path, ...rest);
    };
  }
  const open = Deno.open;
  deno.open = async (path: string, options?: Deno.OpenOptions) => {
    if (!ofEngine(path) && (options?.write || options?.append)) effect("open");
    const file = await open(path, options);
    if (ofEngine(path)) engineFiles.add(file);
    return file;
  };
  for (const name of ["write", "sync", "syncData", "truncate"] as const) {
    // deno-lint-ignore no-explicit-any
    const prototype = Deno.FsFile.prototype as any;
    const original = prototype[name];
    prototype[name] = async function (this: Deno.FsFile, ...rest: unknown[]) {
      if (!engineFiles.has(this)) effect(name);
      return await original.apply(this, rest);
    };
  }
  const spawn = Deno.Command.prototype.spawn;
  Deno.Command.prototype.spawn = function (this: Deno.Command) {
    effect("spawn");
    return spawn.call(this);
  };
  return count;
}
