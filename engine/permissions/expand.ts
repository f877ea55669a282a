import { InvalidInputError } from "../errors.ts";
import { mapGrants } from "./grants.ts";
import type { Permissions } from "./permissions.ts";

/** What the words of a ceiling stand for: absolute paths. */
export interface Places {
  /** Where Sluice lies. */
  readonly project: string;
  /** Where runs are kept. */
  readonly runs: string;
  /** For temporary files. */
  readonly tmp: string;
}

/**
 * Puts real paths for `${project}`, `${runs}` and `${tmp}`, with which a path in a ceiling may begin:
 * paths that are read and written, sockets, programs, arguments (`--to=${tmp}/x` is one as well).
 *
 * @throws InvalidInputError for another word, or one that stands elsewhere
 *
 * @example
 * ```ts
 * import { expand } from "./expand.ts";
 * import { permissions } from "./permissions.ts";
 * import assert from "node:assert/strict";
 *
 * const places = { project: "/src", runs: "/src/.sluice/runs", tmp: "/tmp" };
 * assert.deepEqual(expand(permissions({ write: ["${tmp}/demo"] }), places).write, ["/tmp/demo"]);
 * ```
 */
export function expand(ceiling: Permissions, places: Places): Permissions {
  const put = (text: string) => expandText(text, places);
  return mapGrants(
    ceiling,
    (entries, kind) => kind === "env" || kind === "sys" ? entries : entries.map(put),
    (grants) =>
      grants.map((grant) => ({
        ...grant,
        program: put(grant.program),
        args: grant.args.map(put),
        ...(grant.deno === undefined ? {} : { deno: expand(grant.deno, places) }),
        ...(grant.box === undefined ? {} : {
          box: {
            ...grant.box,
            read: grant.box.read.map(put),
            write: grant.box.write.map(put),
          },
        }),
      })),
  );
}

function expandText(text: string, places: Places): string {
  const match = /^([A-Za-z-]+[:=])?\$\{([a-z]+)\}(\/.*)?$/s.exec(text);
  const place = match === null ? undefined : placeOf(match[2]!, places);
  if (match !== null && place !== undefined) {
    const rest = match[3] ?? "";
    return (match[1] ?? "") + (place === "/" ? rest || "/" : place + rest);
  }
  if (!text.includes("${")) return text;
  throw new InvalidInputError(`a ceiling holds ${JSON.stringify(text)}`, {
    hint: "a path may begin with ${project}, ${runs} or ${tmp}; nothing else is put in",
  });
}

function placeOf(word: string, places: Places): string | undefined {
  if (word === "project" || word === "runs" || word === "tmp") return places[word];
}
