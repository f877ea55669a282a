/**
 * Schemas of values that steps share. Each parses at the border, once: after it a path is absolute,
 * a duration is milliseconds, and a secret is a reference.
 *
 * @module
 */
import * as v from "valibot";

declare const secretRef: unique symbol;

/** Where a secret is: `env:NAME` or `file:/absolute/path`. Never the secret itself. */
export type SecretRef = string & { readonly [secretRef]: true };

/** A reference to a secret. */
export function secret(): v.GenericSchema<unknown, SecretRef> {
  return v.pipe(
    v.string(),
    v.regex(
      /^(env:[A-Za-z_][A-Za-z0-9_]*|file:\/.+)$/,
      "a secret is a reference: env:NAME or file:/absolute/path",
    ),
    v.metadata({ sluice: "secret" }),
  ) as unknown as v.GenericSchema<unknown, SecretRef>;
}

/** An absolute path without `.` or `..` segments, doubled or trailing slashes. */
export function path(): v.GenericSchema<unknown, string> {
  return v.pipe(
    v.string(),
    v.regex(
      /^\/(?:(?!\.{1,2}(?:\/|$))[^/\0\n,]+(?:\/(?!\.{1,2}(?:\/|$))[^/\0\n,]+)*)?$/,
      "an absolute path without '.', '..', ',' or doubled slashes",
    ),
    v.metadata({ sluice: "path" }),
  );
}

/** Whole milliseconds, 0 or more; YAML authors write `250ms`, `10s`, `5m`, `1h`. */
export function duration(): v.GenericSchema<unknown, number> {
  return v.pipe(v.number(), v.integer(), v.minValue(0), v.metadata({ sluice: "duration" }));
}

/** Whole bytes, 0 or more; YAML authors write `512`, `10KiB`, `64MiB`, `2GiB`. */
export function size(): v.GenericSchema<unknown, number> {
  return v.pipe(v.number(), v.integer(), v.minValue(0), v.metadata({ sluice: "size" }));
}

/**
 * An `http:` or `https:` URL without credentials and white space in it. Its host is a plain name or
 * address: what a grant could read as a list or a pattern (`a,b`, `*.a`) is none.
 */
export function url(): v.GenericSchema<unknown, string> {
  return v.pipe(
    v.string(),
    v.url(),
    v.regex(
      /^https?:\/\/(?:\[[0-9A-Fa-f:.]+\]|[\w\u0080-\uffff](?:[\w.\u0080-\uffff-]*[\w\u0080-\uffff])?)(?::\d{1,5})?(?:[/?#]\S*)?$/,
      "an http or https URL without credentials",
    ),
    v.metadata({ sluice: "url" }),
  );
}
