import { expand, type Places } from "../expand.ts";
import { mapGrants } from "../grants.ts";
import type { Permissions } from "../permissions.ts";

/**
 * Places in which `${project}`, `${runs}` and `${tmp}` stand for themselves: a set that is computed
 * among these is the same on every machine, and its paths compare like any others.
 */
export const wordPlaces: Places = {
  project: "/${project}",
  runs: "/${runs}",
  tmp: "/${tmp}",
};

/** A set as the lock has it, with paths that compare: `${tmp}/x` becomes `/${tmp}/x`. */
export function withoutWords(set: Permissions): Permissions {
  return expand(set, wordPlaces);
}

/**
 * A set that was computed among {@linkcode wordPlaces}, as the lock has it.
 *
 * @example
 * ```ts
 * import { permissions } from "../permissions.ts";
 * import { withWords } from "./words.ts";
 * import assert from "node:assert/strict";
 *
 * const set = permissions({ read: ["/etc", "/${project}/data"] });
 * assert.deepEqual(withWords(set).read, ["/etc", "${project}/data"]);
 * ```
 */
export function withWords(set: Permissions): Permissions {
  const all = (texts: readonly string[]) => texts.map(wordsIn);
  return mapGrants(
    set,
    (entries, kind) => kind === "env" || kind === "sys" ? entries : all(entries),
    (grants) =>
      grants.map((grant) => ({
        ...grant,
        program: wordsIn(grant.program),
        args: all(grant.args),
        ...(grant.deno === undefined ? {} : { deno: withWords(grant.deno) }),
        ...(grant.box === undefined ? {} : {
          box: { ...grant.box, read: all(grant.box.read), write: all(grant.box.write) },
        }),
      })),
  );
}

/** A text in which paths among {@linkcode wordPlaces} stand, as people know those paths. */
export function wordsIn(text: string): string {
  return text.replaceAll(/\/(\$\{(?:project|runs|tmp)\})/g, "$1");
}
