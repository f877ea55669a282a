import type { Span } from "../../diagnostic.ts";
import { grantId } from "../grant.ts";
import { type JsonNode, memberOf, placeOf } from "./json_node.ts";
import type { WrittenGrant } from "./written_lock.ts";

/** The place of what begins at an offset of a text. */
export function spanAt(text: string, file: string, offset: number, length = 1): Span {
  const { line, column } = placeOf(text, offset);
  return { file, line, column, endLine: line, endColumn: column + length };
}

/**
 * Where each grant of a set stands in a text, by `grantId`: in lists of entries, or in mappings of
 * them. What the text does not have is left out.
 *
 * @param set the kinds of grants, with their entries
 * @param grants of that set, those of a kind in the order of the text
 * @param keyOf how a kind is called there
 */
export function placesOfGrants(
  { text, file }: { readonly text: string; readonly file: string },
  set: JsonNode | undefined,
  grants: readonly WrittenGrant[],
  keyOf: (kind: WrittenGrant["kind"]) => string = (kind) => kind,
): ReadonlyMap<string, Span> {
  const byKind = Map.groupBy(grants, ({ kind }) => kind);
  const places = [...byKind].flatMap(([kind, own]) => {
    const entries = memberOf(set, keyOf(kind));
    const nodes = entries?.kind === "list"
      ? entries.items
      : entries?.kind === "map"
      ? entries.members
      : [];
    return own.flatMap((grant, n): readonly (readonly [string, Span])[] => {
      const node = nodes[n];
      return node === undefined ? [] : [[grantId(grant), spanAt(text, file, node.start)]];
    });
  });
  return new Map(places);
}
