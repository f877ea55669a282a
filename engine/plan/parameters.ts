import type { Span } from "../diagnostic.ts";
import type { Document, Node, Parameter } from "../document/document.ts";
import { type Faults, faults } from "../document/faults.ts";
import { didYouMean } from "../document/suggest.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { Json, JsonObject } from "../json.ts";
import { type Given, readChoices, readParameter } from "./read_parameter.ts";

/** Where values of parameters come from; the first that has one wins. */
export interface ParameterSources {
  /** Of the command line: `--param NAME=TEXT`. */
  readonly given: readonly { readonly name: string; readonly text: string }[];
  /** Of `--params FILE`. */
  readonly values: ReadonlyMap<string, Node>;
  /** Absolute; what relative paths of `values` are relative to. Where the user stands by default. */
  readonly folder?: string;
  /** Variables of the environment: at least those that parameters name with `env`. */
  readonly env: Readonly<Record<string, string>>;
  /** Parameters that need no value yet: a plan without them is for its permissions only. */
  readonly optional?: ReadonlySet<string>;
  /**
   * The values of an earlier plan of the same pipeline, as it has them: durations and sizes are
   * numbers, paths absolute. They come first, and stand for all others.
   */
  readonly recorded?: JsonObject;
}

export interface ParameterValues {
  /** Those that have a value; complete when there are no diagnostics. */
  readonly values: JsonObject;
  /** Where each of them comes from, in words, such as `the variable REST_PORT`; not of defaults. */
  readonly origins: Readonly<Record<string, string>>;
  readonly diagnostics: readonly Diagnostic[];
}

export interface Folders {
  /** Absolute; where the user stands: what given paths are relative to. */
  readonly cwd: string;
  /** Absolute; that of the pipeline's file: what defaults are relative to. */
  readonly pipeline: string;
}

/**
 * The values of a pipeline's parameters: those recorded, else from `--param`, else `--params FILE`, else the variable
 * named by `env`, else `default`. An empty text is a value. Finds all faults at
 * once: unknown names, names given twice, values of the wrong type, and what is missing.
 *
 * A fault of a text without a file names its source as the file, such as `--param root`.
 */
export function readParameters(
  document: Document,
  sources: ParameterSources,
  folders: Folders,
): ParameterValues {
  const report = faults();
  const names = document.params.map((parameter) => parameter.name.value);
  const given = new Map<string, Given>();
  for (const { name, text } of sources.given) {
    const span = wholeText(`--param ${name}`, text);
    if (!names.includes(name)) reportUnknown(name, span, names, report);
    else if (given.has(name)) {
      const message = `parameter ${JSON.stringify(name)} is given twice`;
      report.error("duplicate-parameter", span, message, "a list is given as one: a,b");
    } else given.set(name, { kind: "text", text, span });
  }
  for (const [name, node] of sources.values) {
    if (!names.includes(name)) reportUnknown(name, node.span, names, report);
  }
  const values: Record<string, Json> = {};
  const origins: Record<string, string> = {};
  for (const parameter of document.params) {
    const name = parameter.name.value;
    const value = readOne(parameter, given.get(name), sources, folders, report);
    if (value !== undefined) values[name] = value;
    const origin = originOf(parameter, given.has(name), sources);
    if (origin !== undefined) origins[name] = origin;
  }
  return { values, origins, diagnostics: report.found };
}

/** As {@linkcode readOne} chooses. */
function originOf(
  { name: { value: name }, env }: Parameter,
  isGiven: boolean,
  { recorded, values, env: variables }: ParameterSources,
): string | undefined {
  if (recorded !== undefined && Object.hasOwn(recorded, name)) return undefined;
  if (isGiven) return `--param ${name}`;
  const node = values.get(name);
  if (node !== undefined) return `${name} in ${node.span.file}`;
  return env !== undefined && variables[env.value] !== undefined
    ? `the variable ${env.value}`
    : undefined;
}

function readOne(
  parameter: Parameter,
  given: Given | undefined,
  sources: ParameterSources,
  folders: Folders,
  report: Faults,
): Json | undefined {
  const name = parameter.name.value;
  const variable = parameter.env?.value;
  const node = sources.values.get(name);
  const { recorded } = sources;
  if (recorded !== undefined && Object.hasOwn(recorded, name)) {
    const value = { kind: "value", value: recorded[name]!, span: parameter.name.span } as const;
    return readParameter(parameter, value, folders.cwd, report);
  }
  const fromEnv = variable === undefined ? undefined : sources.env[variable];
  if (given !== undefined) return readParameter(parameter, given, folders.cwd, report);
  if (node !== undefined) {
    return readParameter(parameter, { kind: "node", node }, sources.folder ?? folders.cwd, report);
  }
  if (fromEnv !== undefined) {
    const span = wholeText(`variable ${variable}`, fromEnv);
    const text = { kind: "text", text: fromEnv, span } as const;
    return readParameter(parameter, text, folders.cwd, report);
  }
  if (parameter.default !== undefined) return readDefault(parameter, folders.pipeline, report);
  if (sources.optional?.has(name)) return undefined;
  const hint = `give it: --param ${name}=…` +
    (variable === undefined ? "" : `, or set the variable ${variable}`);
  report.error(
    "missing-parameter",
    parameter.name.span,
    `parameter ${JSON.stringify(name)} has no value`,
    hint,
  );
  return undefined;
}

/** The value that a parameter has by default. */
export function readDefault(
  parameter: Parameter,
  folder: string,
  report: Faults,
): Json | undefined {
  const { default: node } = parameter;
  if (node === undefined) return undefined;
  const expression = findExpression(node);
  if (expression !== undefined) {
    report.error(
      "expression-in-default",
      expression,
      "a default cannot hold an expression",
      "write a plain value; a step's input may hold expressions",
    );
    return undefined;
  }
  return readParameter(parameter, { kind: "node", node }, folder, report);
}

/** The faults of the declarations themselves: defaults and choices that are not of their type. */
export function checkDeclarations(
  document: Document,
  folder: string,
): readonly Diagnostic[] {
  const report = faults();
  for (const parameter of document.params) {
    readChoices(parameter, folder, report);
    readDefault(parameter, folder, report);
  }
  return report.found;
}

function reportUnknown(name: string, span: Span, names: readonly string[], report: Faults): void {
  report.error(
    "unknown-parameter",
    span,
    `the pipeline has no parameter ${JSON.stringify(name)}`,
    didYouMean(name, names),
  );
}

function findExpression(node: Node): Span | undefined {
  if (node.kind === "scalar") {
    return typeof node.value === "string" && node.value.includes("${{") ? node.span : undefined;
  }
  const children = node.kind === "list" ? node.items : node.entries.map((entry) => entry.value);
  return children.map(findExpression).find((span) => span !== undefined);
}

/** A place for a text that is in no file. */
function wholeText(source: string, text: string): Span {
  return { file: source, line: 1, column: 1, endLine: 1, endColumn: Math.max(2, text.length + 1) };
}
