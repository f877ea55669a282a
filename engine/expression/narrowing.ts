import type { Path } from "./path.ts";

/**
 * What a condition has proven about paths where it held: that they are there, or are not null.
 * Members are the results of {@linkcode presence} and {@linkcode notNull}.
 */
export type Known = ReadonlySet<string>;

export const nothing: Known = new Set();

/** The proof that something stands at a path. */
export function presence(path: Path): string {
  return `present ${JSON.stringify(path)}`;
}

/** The proof that what stands at a path is not null. */
export function notNull(path: Path): string {
  return `not null ${JSON.stringify(path)}`;
}

/** What `has(path)` proves: everything on the way is there, and holds something. */
export function presenceOf(path: Path): Known {
  const proofs = new Set<string>();
  for (let length = 2; length <= path.length; length++) {
    proofs.add(presence(path.slice(0, length)));
    if (length < path.length) proofs.add(notNull(path.slice(0, length)));
  }
  return proofs;
}
