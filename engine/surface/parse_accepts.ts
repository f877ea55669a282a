import type { Entry } from "../document/document.ts";
import type { Faults } from "../document/faults.ts";
import { readFields } from "../document/read_fields.ts";
import { readText, wrongType } from "../document/read_scalar.ts";
import { acceptedShape } from "./surface_shape.ts";
import type { PlacedAccepted } from "./surfaces.ts";

/** Reads the findings that a person has looked at and lets stand. */
export function parseAccepts(
  entry: Entry | undefined,
  report: Faults,
): readonly PlacedAccepted[] {
  if (entry === undefined) return [];
  const { key, value: node } = entry;
  if (node.kind !== "list") {
    const hint = "write - { finding: …, entry: …, reason: … }";
    wrongType(node, key, "a list of findings", report, hint);
    return [];
  }
  return node.items.flatMap((item) => {
    const fields = readFields(item, acceptedShape, report);
    const finding = readText(fields.get("finding"), report)?.value;
    const text = readText(fields.get("entry"), report)?.value;
    const reason = readText(fields.get("reason"), report)?.value;
    return finding === undefined || text === undefined || reason === undefined
      ? []
      : [{ finding, entry: text, reason, span: item.span }];
  });
}
