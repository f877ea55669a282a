import assert from "node:assert/strict";
import { ancestors, findCycles, sortGraph } from "./graph.ts";

const node = (id: string, ...needs: string[]) => ({ id, needs });

Deno.test("findCycles() names each cycle once, from the node that stands first", () => {
  const nodes = [
    node("start"),
    node("c", "b", "start"),
    node("a", "c"),
    node("b", "a"),
    node("x", "y"),
    node("y", "x"),
    node("self", "self"),
    node("behind", "y"),
  ];
  assert.deepEqual(findCycles(nodes), [
    ["c", "b", "a", "c"],
    ["x", "y", "x"],
    ["self", "self"],
  ]);
});

Deno.test("findCycles() begins with the node that stands first, also where another leads in", () => {
  const nodes = [node("lead", "y"), node("x", "y"), node("y", "x")];
  assert.deepEqual(findCycles(nodes), [["x", "y", "x"]]);
});

Deno.test("findCycles() finds none in a long chain", () => {
  const chain = Array.from({ length: 20_000 }, (_, n) => node(`s${n}`, ...n ? [`s${n - 1}`] : []));
  assert.deepEqual(findCycles(chain), []);
});

Deno.test("sortGraph() puts each node after its needs and keeps the order otherwise", () => {
  const nodes = [node("d", "b", "c"), node("a"), node("c", "a"), node("b", "a"), node("e", "gone")];
  assert.deepEqual(sortGraph(nodes).map(({ id }) => id), ["a", "b", "c", "d", "e"]);
});

Deno.test("ancestors() goes all the way back", () => {
  const needs = new Map([["d", ["b"]], ["b", ["a"]], ["a", []], ["c", ["a"]]]);
  assert.deepEqual([...ancestors(needs, "d")].sort(), ["a", "b"]);
});
