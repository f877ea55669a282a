import type { Diagnostic } from "../diagnostic.ts";
import type { Node } from "./document.ts";
import { faults } from "./faults.ts";
import { orderDiagnostics } from "./order_diagnostics.ts";
import { wrongType } from "./read_scalar.ts";
import { readYaml } from "./read_yaml.ts";

export interface ParsedValues {
  readonly values: ReadonlyMap<string, Node>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a file of parameter values: a YAML or JSON mapping of names to values. An empty file has
 * none. Which names exist and what they may be is judged with the pipeline.
 *
 * @example
 * ```ts
 * import { parseValues } from "./parse_values.ts";
 * import assert from "node:assert/strict";
 *
 * const { values } = parseValues('{"root": "/opt/app"}', "values.json");
 * assert.deepEqual([...values.keys()], ["root"]);
 * ```
 */
export function parseValues(source: string, file: string): ParsedValues {
  const { node, diagnostics } = readYaml(source, file);
  const report = faults();
  const values = new Map<string, Node>();
  if (node?.kind === "map") {
    for (const { key, value } of node.entries) values.set(key, value);
  } else if (node !== undefined && !(node.kind === "scalar" && node.value === null)) {
    wrongType(node, "the file", "a mapping of parameters to values", report, "write NAME: VALUE");
  }
  return { values, diagnostics: orderDiagnostics([...diagnostics, ...report.found]) };
}
