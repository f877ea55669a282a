import type { Entry, Node } from "./document.ts";
import type { Faults } from "./faults.ts";
import { foreignKeys, type Shape } from "./shape.ts";
import { didYouMean } from "./suggest.ts";

/** The known entries of a mapping, by key. */
export type Fields = ReadonlyMap<string, Entry>;

/**
 * The entries of a mapping of a known shape. Reports what is no mapping, each unknown key, and each
 * required key that is missing; known keys are returned all the same.
 */
export function readFields(node: Node, shape: Shape, report: Faults): Fields {
  const fields = new Map<string, Entry>();
  const known = [...shape.required, ...shape.optional];
  if (node.kind !== "map") {
    report.error(
      "wrong-type",
      node.span,
      `${shape.what} must be a mapping, not ${describe(node)}`,
      `its keys are ${known.join(", ")}`,
    );
    return fields;
  }
  for (const entry of node.entries) {
    if (known.includes(entry.key)) {
      fields.set(entry.key, entry);
    } else {
      report.error(
        "unknown-key",
        entry.keySpan,
        `unknown key ${JSON.stringify(entry.key)} in ${shape.what}`,
        hint(shape.hints ?? {}, entry.key) ?? hint(foreignKeys, entry.key) ??
          didYouMean(entry.key, known.filter((key) => !fields.has(key))),
      );
    }
  }
  for (const key of shape.required) {
    if (fields.has(key)) continue;
    const first = node.entries[0]?.keySpan ?? node.span;
    report.error("missing-key", first, `${shape.what} lacks the key ${JSON.stringify(key)}`);
  }
  return fields;
}

function hint(hints: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(hints, key) ? hints[key] : undefined;
}

/** What a value is, in words. */
export function describe(node: Node): string {
  if (node.kind === "list") return node.items.length === 0 ? "an empty list" : "a list";
  if (node.kind === "map") return "a mapping";
  if (node.value === null) return "nothing";
  if (node.value === "") return "an empty text";
  const shown = JSON.stringify(node.value);
  const short = shown.length > 60 ? `${shown.slice(0, 57)}…` : shown;
  return typeof node.value === "string" ? `the text ${short}` : `the ${typeof node.value} ${short}`;
}
