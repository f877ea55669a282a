import { sha256 } from "../../../../engine/sha256.ts";

/** A module that a bundler made, by its path below the folder of all. */
export interface BundledModule {
  readonly path: string;
  readonly text: string;
}

/** How the bundler names a module that several share, or that is loaded later. */
const madeName = /[A-Za-z0-9_.-]+-[A-Z0-9]{8}\.js/g;

/**
 * Gives the modules that a bundler named after what it saw, the path of Deno's cache too, names that
 * only depend on what is in them and in those they load. So the same sources give the same bytes on
 * any machine.
 *
 * Names are found by rounds: in the first a module is called after its own text, without names of
 * others; in each later one after that and what those are called that it loads. As many rounds as there
 * are modules tell apart all that differ in anything.
 *
 * @returns in the order of the new names
 */
export function stableNames(modules: readonly BundledModule[]): readonly BundledModule[] {
  const made = new Map(modules.map((module) => [nameOf(module.path), module]));
  const isMade = (name: string) => made.has(name) && name.match(madeName)?.[0] === name;
  const loads = new Map<string, readonly string[]>();
  let called = new Map<string, string>();
  for (const [name, { text }] of made) {
    loads.set(name, (text.match(madeName) ?? []).filter(isMade));
    called.set(name, sha256(text.replaceAll(madeName, (found) => isMade(found) ? "" : found)));
  }
  for (let count = new Set(called.values()).size, before = 0; count > before;) {
    called = new Map([...called].map(([name, own]) => {
      const others = loads.get(name)!.map((other) => called.get(other)!);
      return [name, sha256([own, ...others].join("\n"))];
    }));
    [before, count] = [count, new Set(called.values()).size];
  }
  const stable = (name: string) => {
    if (!isMade(name)) return name;
    return `${name.slice(0, -"-XXXXXXXX.js".length)}-${called.get(name)!.slice(0, 16)}.js`;
  };
  return modules.map(({ path, text }) => ({
    path: `${path.slice(0, path.lastIndexOf("/") + 1)}${stable(nameOf(path))}`,
    text: text.replaceAll(madeName, stable),
  })).sort((one, other) => one.path < other.path ? -1 : 1);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
