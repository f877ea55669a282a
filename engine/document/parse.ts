import type { Diagnostic, Span } from "../diagnostic.ts";
import type { Document, DocumentStep, Entry, Placed } from "./document.ts";
import { type Faults, faults } from "./faults.ts";
import { orderDiagnostics } from "./order_diagnostics.ts";
import { parseEvery } from "./parse_every.ts";
import { parseParameters } from "./parse_parameter.ts";
import { parseStep } from "./parse_step.ts";
import { readFields } from "./read_fields.ts";
import { readBoolean, readPattern, readText, readWord, wrongType } from "./read_scalar.ts";
import { readYaml } from "./read_yaml.ts";
import { finallyShape, idPattern, pipelineShape, type Shape, stepShape } from "./shape.ts";

export interface ParsedDocument {
  /**
   * What could be read. It is there in spite of faults if enough is left to go on and find those of
   * meaning too; it may be planned only when no diagnostic is an error.
   */
  readonly document: Document | undefined;
  /** Every fault of shape, in the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the text of a pipeline. Looks nothing up: which steps exist, what they take and how they
 * hang together is judged when the document is resolved into a plan.
 *
 * @param file its path, for the places of diagnostics
 *
 * @example
 * ```ts
 * import { parseDocument } from "./parse.ts";
 * import assert from "node:assert/strict";
 *
 * const text = "sluice: v1\nname: hello\nsteps:\n  - { id: a, uses: demo.echo, timout: 5s }\n";
 * const { diagnostics } = parseDocument(text, "hello.yaml");
 * assert.equal(diagnostics[0]?.hint, 'did you mean "timeout"?');
 * ```
 */
export function parseDocument(source: string, file: string): ParsedDocument {
  const yaml = readYaml(source, file);
  const report = faults();
  const document = parse(yaml, file, report);
  return { document, diagnostics: orderDiagnostics([...yaml.diagnostics, ...report.found]) };
}

function parse(
  { node, text, diagnostics }: ReturnType<typeof readYaml>,
  file: string,
  report: Faults,
): Document | undefined {
  if (node === undefined) {
    const start: Span = { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
    if (diagnostics.length === 0) {
      report.error("empty", start, "the file holds no pipeline", "begin with sluice: v1");
    }
    return undefined;
  }
  const fields = readFields(node, pipelineShape, report);
  readWord(fields.get("sluice"), ["v1"], ["bad-version"], report);
  const name = readPattern(fields.get("name"), idPattern, [
    "bad-name",
    "a name of a pipeline",
    "use letters, digits, _ and -, as in upgrade-apply",
  ], report);
  const summary = readText(fields.get("summary"), report);
  const params = parseParameters(fields.get("params"), report);
  const steps = parseSteps(fields.get("steps"), stepShape, text, report);
  const last = parseSteps(fields.get("finally"), finallyShape, text, report);
  const every = parseEvery(fields.get("every"), report);
  const stay = readBoolean(fields.get("stay"), report);
  if (stay?.value === true && every !== undefined) {
    const message = "stay and every were both given: what stays has no next repetition";
    report.error("stay-and-every", stay.span, message, "leave out one of them");
  }
  const readable = [...steps ?? [], ...last ?? []].filter((step) => step !== undefined);
  reportDuplicates(readable, report);
  // Where something is no step at all, names are missing, and nothing can be said of what uses them.
  if (!allReadable(steps) || !allReadable(last)) return undefined;
  const unnamed: Placed<string> = { value: "unnamed", span: node.span };
  return {
    file,
    text,
    name: name ?? unnamed,
    ...(summary === undefined ? {} : { summary }),
    params,
    steps,
    finally: last,
    ...(every === undefined ? {} : { every }),
    ...(stay === undefined ? {} : { stay }),
    span: node.span,
  };
}

type Steps = readonly (DocumentStep | undefined)[] | undefined;

function allReadable(steps: Steps): steps is readonly DocumentStep[] {
  return steps !== undefined && !steps.includes(undefined);
}

function parseSteps(
  entry: Entry | undefined,
  shape: Shape,
  text: string,
  report: Faults,
): Steps {
  if (entry === undefined) return shape === finallyShape ? [] : undefined;
  const { key, value: node } = entry;
  if (node.kind !== "list") {
    wrongType(node, key, "a list of steps", report, "begin each step with '- id: NAME'");
    return undefined;
  }
  if (node.items.length === 0 && shape !== finallyShape) {
    const message = `${key} is empty: a pipeline has at least one step`;
    report.error("no-steps", node.span, message, "add a step: - { id: NAME, uses: STEP }");
  }
  return node.items.map((item) => parseStep(item, shape, text, report));
}

function reportDuplicates(steps: readonly DocumentStep[], report: Faults): void {
  const lines = new Map<string, number>();
  for (const { id } of steps) {
    const line = lines.get(id.value);
    if (line === undefined) lines.set(id.value, id.span.line);
    else {
      const message = `the id ${JSON.stringify(id.value)} is taken by the step on line ${line}`;
      report.error("duplicate-id", id.span, message, "give each step an id of its own");
    }
  }
}
