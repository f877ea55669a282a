/** Something that must come after others. */
export interface GraphNode {
  readonly id: string;
  /** Ids that come before it. Those that are not in the graph are ignored. */
  readonly needs: readonly string[];
}

/**
 * The cycles of a graph, each once, from the node that stands first, through what it needs, back to
 * it: `["a", "b", "a"]`. Nodes that only lead into a cycle are not part of one.
 *
 * @example
 * ```ts
 * import { findCycles } from "./graph.ts";
 * import assert from "node:assert/strict";
 *
 * const nodes = [{ id: "a", needs: ["b"] }, { id: "b", needs: ["a"] }, { id: "c", needs: ["a"] }];
 * assert.deepEqual(findCycles(nodes), [["a", "b", "a"]]);
 * ```
 */
export function findCycles(nodes: readonly GraphNode[]): readonly (readonly string[])[] {
  const cycles: string[][] = [];
  let rest = withoutEnds(nodes);
  while (rest.length > 0) {
    // Everything left needs something that is left: walking must come back.
    const byId = new Map(rest.map((node) => [node.id, node]));
    const path: string[] = [];
    let id = rest[0]!.id;
    while (!path.includes(id)) {
      path.push(id);
      id = byId.get(id)!.needs.find((need) => byId.has(need))!;
    }
    const found = path.slice(path.indexOf(id));
    const first = rest.findIndex((node) => found.includes(node.id));
    const start = found.indexOf(rest[first]!.id);
    cycles.push([...found.slice(start), ...found.slice(0, start), found[start]!]);
    rest = withoutEnds(rest.filter((node) => !found.includes(node.id)));
  }
  return cycles;
}

/** Leaves out, again and again, what needs nothing that is left. */
function withoutEnds(nodes: readonly GraphNode[]): readonly GraphNode[] {
  const left = new Map(nodes.map((node) => [node.id, node]));
  const dependents = new Map<string, string[]>();
  const open = new Map<string, number>();
  for (const { id, needs } of nodes) {
    const inside = [...new Set(needs)].filter((need) => left.has(need));
    open.set(id, inside.length);
    for (const need of inside) dependents.set(need, [...dependents.get(need) ?? [], id]);
  }
  const free = nodes.filter(({ id }) => open.get(id) === 0).map(({ id }) => id);
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    left.delete(id);
    for (const dependent of dependents.get(id) ?? []) {
      const count = open.get(dependent)! - 1;
      open.set(dependent, count);
      if (count === 0) free.push(dependent);
    }
  }
  return [...left.values()];
}

/**
 * The nodes in an order in which each stands after what it needs, otherwise as they came. The graph
 * must have no cycle.
 */
export function sortGraph<T extends GraphNode>(nodes: readonly T[]): readonly T[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const sorted = new Set<T>();
  for (const node of nodes) {
    const stack = [node];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const missing = top.needs.map((need) => byId.get(need))
        .find((need) => need !== undefined && !sorted.has(need));
      if (missing !== undefined && !stack.includes(missing)) {
        stack.push(missing);
      } else {
        sorted.add(top);
        stack.pop();
      }
    }
  }
  return [...sorted];
}

/** All that a node needs, and what those need, and so on; never the node itself unless in a cycle. */
export function ancestors(
  needs: ReadonlyMap<string, readonly string[]>,
  id: string,
): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...needs.get(id) ?? []];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...needs.get(next) ?? []);
  }
  return found;
}
