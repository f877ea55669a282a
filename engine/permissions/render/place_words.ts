/**
 * A path as the lock spells it: `${runs}` and `${project}` for where those are here, so that two
 * people see one text. Also behind the name of an option, and of a socket.
 *
 * @example
 * ```ts
 * import { placeWords } from "./place_words.ts";
 * import assert from "node:assert/strict";
 *
 * const places = { project: "/src", runs: "/src/.sluice/runs" };
 * assert.equal(placeWords("/src/.sluice/runs", places), "${runs}");
 * assert.equal(placeWords("unix:/src/a", places), "unix:${project}/a");
 * assert.equal(placeWords("/src2", places), "/src2");
 * ```
 */
export function placeWords(
  text: string,
  places: { readonly project: string; readonly runs: string },
): string {
  for (const word of ["runs", "project"] as const) {
    const place = places[word];
    const [whole, before = ""] = /^([A-Za-z-]+[:=])?(?=\/)/.exec(text) ?? [];
    if (whole === undefined || place === "/") continue;
    const path = text.slice(before.length);
    if (path === place || path.startsWith(`${place}/`)) {
      return `${before}\${${word}}${path.slice(place.length)}`;
    }
  }
  return text;
}
