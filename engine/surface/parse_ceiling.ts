import type { Entry } from "../document/document.ts";
import type { Faults } from "../document/faults.ts";
import { readFields } from "../document/read_fields.ts";
import { wrongType } from "../document/read_scalar.ts";
import { grantId, grantKinds } from "../permissions/grant.ts";
import { parseProgram } from "./parse_program.ts";
import { readEntries } from "./read_entries.ts";
import { ceilingShape } from "./surface_shape.ts";
import type { Ceiling, PlacedGrant } from "./surfaces.ts";

/** Reads a set that a person wrote, entry by entry; programs first, else in the order of the text. */
export function parseCeiling(entry: Entry | undefined, report: Faults): Ceiling {
  if (entry === undefined) return [];
  const fields = readFields(entry.value, ceilingShape, report);
  const grants = grantKinds.flatMap((kind): readonly PlacedGrant[] => {
    const list = fields.get(kind);
    if (list === undefined) return [];
    if (kind !== "run") {
      return readEntries(list, kind, report).map(({ value, span }) => ({
        kind,
        entry: value,
        span,
      }));
    }
    if (list.value.kind !== "list") {
      const hint = "write - { program: ln, args: [-s, --, releases/*] }";
      wrongType(list.value, kind, "a list of programs", report, hint);
      return [];
    }
    return list.value.items.flatMap((node) => {
      const grant = parseProgram(node, report);
      return grant === undefined ? [] : [{ kind, grant, span: node.span }];
    });
  });
  return withoutDuplicates(grants, report);
}

function withoutDuplicates(grants: Ceiling, report: Faults): Ceiling {
  const lines = new Map<string, number>();
  return grants.filter((grant) => {
    const id = grantId(grant);
    const line = lines.get(id);
    if (line === undefined) {
      lines.set(id, grant.span.line);
      return true;
    }
    const message = `this is here twice, first on line ${line}`;
    report.error("duplicate", grant.span, message, "remove one of them");
    return false;
  });
}
