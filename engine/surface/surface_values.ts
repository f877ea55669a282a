import type { Entry, Node, Placed } from "../document/document.ts";
import type { Faults } from "../document/faults.ts";
import { didYouMean } from "../document/suggest.ts";
import type { Places } from "../permissions/expand.ts";

const words = ["project", "runs", "tmp"] as const;

/**
 * The values that a fixed surface gives to parameters, with paths put for `${project}`, `${runs}` and
 * `${tmp}`, with which a value may begin (also after a scheme, as in `file:${project}/key.pem`).
 * Reports other words, and expressions: the values of a fixed surface are there to be read.
 */
export function surfaceValues(
  params: readonly Entry[],
  places: Places,
  report: Faults,
): ReadonlyMap<string, Node> {
  return new Map(params.map(({ key, value }) => [key, expandNode(value, places, report)]));
}

function expandNode(node: Node, places: Places, report: Faults): Node {
  switch (node.kind) {
    case "list":
      return { ...node, items: node.items.map((item) => expandNode(item, places, report)) };
    case "map": {
      const entries = node.entries.map((entry) => ({
        ...entry,
        value: expandNode(entry.value, places, report),
      }));
      return { ...node, entries };
    }
    case "scalar": {
      const { value, span } = node;
      if (typeof value !== "string") return node;
      return { ...node, value: expandText({ value, span }, places, report) };
    }
  }
}

function expandText({ value, span }: Placed<string>, places: Places, report: Faults): string {
  const match = /^([a-z]+:)?\$\{([a-z]+)\}(\/.*)?$/s.exec(value);
  const word = words.find((known) => known === match?.[2]);
  if (match !== null && word !== undefined) {
    const { [word]: place } = places;
    const rest = match[3] ?? "";
    return (match[1] ?? "") + (place === "/" ? rest || "/" : place + rest);
  }
  if (!value.includes("${")) return value;
  if (value.includes("${{")) {
    const message = "the values of a fixed surface hold no expressions";
    report.error("expression-in-value", span, message, "write the value out");
    return value;
  }
  const hint = match === null
    ? "a value may begin with ${project}, ${runs} or ${tmp}; nothing else is put in"
    : didYouMean(match[2]!, words);
  report.error("bad-word", span, `${JSON.stringify(value)} holds a word that is not put in`, hint);
  return value;
}
