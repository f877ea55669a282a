import type { Json } from "../json.ts";
import type { Node } from "./document.ts";

/**
 * The value of a node, without its places.
 *
 * @example
 * ```ts
 * import { nodeToJson } from "./node_to_json.ts";
 * import assert from "node:assert/strict";
 *
 * const span = { file: "x", line: 1, column: 1, endLine: 1, endColumn: 2 };
 * const one = { kind: "scalar", value: 1, span } as const;
 * assert.deepEqual(nodeToJson({ kind: "list", items: [one], span }), [1]);
 * ```
 */
export function nodeToJson(node: Node): Json {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "list":
      return node.items.map(nodeToJson);
    case "map":
      return Object.fromEntries(node.entries.map((entry) => [entry.key, nodeToJson(entry.value)]));
  }
}
