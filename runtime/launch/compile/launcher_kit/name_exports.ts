import type { BundledModule } from "./stable_names.ts";

/** The end of a module that is all of a CommonJS one. */
const wholeCommonJs = /^export default require_\w+\(\);\s*$/m;

/**
 * Gives back the names that a CommonJS module exports where it is loaded later. Deno and Node find them
 * by reading its text; the bundler, where it makes a module of its own of it, exports the whole only, as
 * `default`, and whoever loads it by name would find nothing.
 */
export function nameExports(modules: readonly BundledModule[]): readonly BundledModule[] {
  const nameless = new Set(
    modules.filter(({ text }) => wholeCommonJs.test(text))
      .map(({ path }) => path.slice(path.lastIndexOf("/") + 1)),
  );
  return modules.map(({ path, text }) => ({
    path,
    text: text.replaceAll(
      /\bimport\("\.{1,2}\/([^"]+)"\)/g,
      (loading, name) =>
        nameless.has(name)
          ? `${loading}.then(({ default: all }) => ({ ...all, default: all }))`
          : loading,
    ),
  }));
}
