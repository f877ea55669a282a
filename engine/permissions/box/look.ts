/** A symbolic link, where it really lies, with the text that it holds. */
export interface Link {
  readonly path: string;
  readonly target: string;
}

/** What a path names on a machine. */
export type Found =
  & {
    /** Behind all links; of what is missing, the real folder above it with the rest as it is. */
    readonly real: string;
    /** The links on the way to it, outermost first. */
    readonly links: readonly Link[];
  }
  & (
    | {
      readonly kind: "folder";
      /** When it was made, in milliseconds since 1970, where the file system tells. */
      readonly born?: number;
    }
    | { readonly kind: "file"; readonly script: boolean }
    /** A socket, a pipe, a device. */
    | { readonly kind: "other" }
    /** `folder`: the nearest folder above it that is there. */
    | { readonly kind: "missing"; readonly folder: string }
  );

/** Looks at a path, absolute and plain. What may not be looked at counts as missing. */
export type Look = (path: string) => Found;

/**
 * For machines that are not at hand: everything is there, is no link, and is a folder.
 *
 * @example
 * ```ts
 * import { assumeFolders } from "./look.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(assumeFolders("/srv").kind, "folder");
 * ```
 */
export const assumeFolders: Look = (path) => ({ kind: "folder", real: path, links: [] });
