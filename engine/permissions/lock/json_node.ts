/** A JSON value with its place: `start` and `end` are offsets into the text, the end exclusive. */
export type JsonNode =
  & (
    | { readonly kind: "scalar"; readonly value: null | boolean | number | string }
    | { readonly kind: "list"; readonly items: readonly JsonNode[] }
    | { readonly kind: "map"; readonly members: readonly JsonMember[] }
  )
  & { readonly start: number; readonly end: number };

/** One `"key": value`; `start` is where the key begins. */
export interface JsonMember {
  readonly key: string;
  readonly start: number;
  readonly value: JsonNode;
}

/** Where in a text something stands: line and column, both from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** The place of an offset. */
export function placeOf(text: string, offset: number): TextPlace {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: offset - start + 1 };
}

/** The value of a node, without its places. A key `__proto__` is a member like any other. */
export function jsonValue(node: JsonNode): unknown {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "list":
      return node.items.map(jsonValue);
    case "map":
      return Object.fromEntries(node.members.map(({ key, value }) => [key, jsonValue(value)]));
  }
}

/** The value of a member; `undefined` where there is none, or the node is no mapping. */
export function memberOf(node: JsonNode | undefined, key: string): JsonNode | undefined {
  if (node?.kind !== "map") return undefined;
  return node.members.find((member) => member.key === key)?.value;
}
