import type { Diagnostic, Span } from "../diagnostic.ts";
import type { Entry, Node, Placed } from "../document/document.ts";
import { type Faults, faults } from "../document/faults.ts";
import { orderDiagnostics } from "../document/order_diagnostics.ts";
import { describe, readFields } from "../document/read_fields.ts";
import { wrongType } from "../document/read_scalar.ts";
import { readYaml } from "../document/read_yaml.ts";
import { parseAccepts } from "./parse_accepts.ts";
import { parseCeiling } from "./parse_ceiling.ts";
import { parseSurface } from "./parse_surface.ts";
import { adHocShape, surfacesShape } from "./surface_shape.ts";
import type { AdHoc, DeclaredSurface, Surfaces } from "./surfaces.ts";

export interface ParsedSurfaces {
  /** What could be read; to be locked only when no diagnostic is an error. */
  readonly surfaces: Surfaces | undefined;
  /** Every fault of shape, in the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the text of `pipelines/surfaces.yaml`. No pipeline is looked at: whether they are there, and
 * have the parameters that are given values here, is judged by `resolveSurfaces`.
 *
 * @param file its path, for the places of diagnostics
 *
 * @example
 * ```ts
 * import { parseSurfaces } from "./parse_surfaces.ts";
 * import assert from "node:assert/strict";
 *
 * const text = "schemaVersion: 1\nad_hoc: { ceiling: { reed: [/srv] } }\nsurfaces: {}\n";
 * const { diagnostics } = parseSurfaces(text, "surfaces.yaml");
 * assert.equal(diagnostics[0]?.hint, 'did you mean "read"?');
 * ```
 */
export function parseSurfaces(source: string, file: string): ParsedSurfaces {
  const yaml = readYaml(source, file);
  const report = faults();
  const surfaces = parse(yaml, file, report);
  return { surfaces, diagnostics: orderDiagnostics([...yaml.diagnostics, ...report.found]) };
}

function parse(
  { node, text, diagnostics }: ReturnType<typeof readYaml>,
  file: string,
  report: Faults,
): Surfaces | undefined {
  if (node === undefined) {
    const start: Span = { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
    if (diagnostics.length === 0) {
      report.error("empty", start, "the file holds no surfaces", "begin with schemaVersion: 1");
    }
    return undefined;
  }
  const fields = readFields(node, surfacesShape, report);
  readVersion(fields.get("schemaVersion"), report);
  const ad_hoc = parseAdHoc(fields.get("ad_hoc"), node.span, report);
  return { file, text, ad_hoc, surfaces: parseAll(fields.get("surfaces"), report) };
}

function readVersion(entry: Entry | undefined, report: Faults): void {
  if (entry === undefined) return;
  const { value } = entry;
  if (value.kind === "scalar" && value.value === 1) return;
  const message = `schemaVersion must be 1, not ${describe(value)}`;
  report.error("bad-version", value.span, message);
}

function parseAdHoc(entry: Entry | undefined, span: Span, report: Faults): AdHoc {
  if (entry === undefined) return { ceiling: [], accepts: [], span };
  const fields = readFields(entry.value, adHocShape, report);
  return {
    ceiling: parseCeiling(fields.get("ceiling"), report),
    accepts: parseAccepts(fields.get("accepts"), report),
    span: entry.keySpan,
  };
}

function parseAll(entry: Entry | undefined, report: Faults): readonly DeclaredSurface[] {
  if (entry === undefined) return [];
  const { key, value: node } = entry;
  if (node.kind === "map") {
    return node.entries.flatMap(({ key, keySpan, value }) => {
      const name: Placed<string> = { value: key, span: keySpan };
      return parseSurface(name, value, report) ?? [];
    });
  }
  if (!isNothing(node)) wrongType(node, key, "a mapping of names to surfaces", report);
  return [];
}

function isNothing(node: Node): boolean {
  return node.kind === "scalar" && node.value === null;
}
