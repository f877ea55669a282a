import type { Span } from "../diagnostic.ts";
import type { Node } from "../document/document.ts";

/** Keys and indices that lead into a value. */
export type ValuePath = readonly (string | number)[];

/** The value at a path, or where the path leaves the text, the last value on it. */
export function nodeAt(node: Node, path: ValuePath): Node {
  const [key, ...rest] = path;
  if (key === undefined) return node;
  const child = childOf(node, key);
  return child === undefined ? node : nodeAt(child, rest);
}

/** Where the key at the end of a path stands; the value that lacks it, where it does not. */
export function keySpanAt(node: Node, path: ValuePath): Span {
  const owner = nodeAt(node, path.slice(0, -1));
  const entry = owner.kind === "map"
    ? owner.entries.find(({ key }) => key === path.at(-1))
    : undefined;
  return entry?.keySpan ?? owner.span;
}

function childOf(node: Node, key: string | number): Node | undefined {
  if (node.kind === "list") return node.items[Number(key)];
  if (node.kind === "map") return node.entries.find((entry) => entry.key === String(key))?.value;
  return undefined;
}

/**
 * A path as a name for messages.
 *
 * @example
 * ```ts
 * import { showPath } from "./node_path.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(showPath(["probe", "urls", 0]), "probe.urls[0]");
 * ```
 */
export function showPath(path: ValuePath): string {
  return path.reduce<string>(
    (shown, key) =>
      typeof key === "number" ? `${shown}[${key}]` : shown === "" ? key : `${shown}.${key}`,
    "",
  );
}
