import { didYouMean } from "../../../engine/document/suggest.ts";
import { entryOf, type MapNode } from "./manifest_node.ts";

/** What each mapping may hold; what is under `metadata` is the author's. */
const known: Readonly<Record<string, readonly string[]>> = {
  "": [
    ...["name", "version", "display_name", "description", "author", "license", "runtime"],
    ...["entrypoint", "rest", "a2a", "ui", "exports", "capabilities", "environment"],
    ...["dependencies", "mcp", "metadata", "permissions"],
  ],
  rest: ["entry"],
  a2a: ["service"],
  ui: ["path", "basePath", "base_path"],
};

/** After so many only their number is told. */
const mostTold = 10;

/**
 * A line for each key that means nothing here. Packages in the field have such keys, and a later
 * packer will write more: they are told, and are no fault.
 */
export function noteUnknownKeys(top: MapNode): readonly string[] {
  const notes = Object.entries(known).flatMap(([field, keys]) => {
    const node = field === "" ? undefined : entryOf(top, field)?.value;
    const entries = field === "" ? top.entries : node?.kind === "map" ? node.entries : [];
    return entries.filter(({ key }) => !keys.includes(key)).map(({ key, keySpan }) => {
      const shown = JSON.stringify(key.slice(0, 60));
      const meant = didYouMean(key, keys);
      const help = meant?.startsWith("did you mean") ? `; ${meant}` : "";
      const where = field === "" ? "" : ` in ${field}`;
      return `${keySpan.file}:${keySpan.line}: the key ${shown}${where} is not known${help}`;
    });
  });
  const hidden = notes.length - mostTold;
  return hidden > 0 ? [...notes.slice(0, mostTold), `and ${hidden} more such keys`] : notes;
}
