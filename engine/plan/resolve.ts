import type { Diagnostic } from "../diagnostic.ts";
import type { Document, Parameter } from "../document/document.ts";
import { orderDiagnostics } from "../document/order_diagnostics.ts";
import type { Json } from "../json.ts";
import type { Registry } from "../registry.ts";
import { type DecisiveParams, decisiveParams } from "./decisive_params.ts";
import { planDigest } from "./digest.ts";
import { sortGraph } from "./graph.ts";
import { type LoadedPipeline, loadIncludes, type LoadOptions } from "./load_includes.ts";
import { checkDeclarations, type ParameterSources, readParameters } from "./parameters.ts";
import type { Plan, Unit } from "./plan.ts";
import { redactSecrets } from "./redact_secrets.ts";
import { makeReport, type Report } from "./report.ts";
import { type Resolution, resolveScope } from "./resolve_scope.ts";
import type { ParameterState } from "./scope_state.ts";
import { warnCommits } from "./warn_modifiers.ts";

export interface ResolveOptions extends LoadOptions {
  /**
   * Where parameters get their values; `undefined` to check the text alone: then no parameter needs
   * a value, all that can be judged without one is, and there is no plan.
   */
  readonly sources: ParameterSources | undefined;
}

export interface Resolved {
  /** There when nothing is wrong and values were given. */
  readonly plan: Plan | undefined;
  /** All faults, in the order of the text; warnings too. */
  readonly diagnostics: readonly Diagnostic[];
  /**
   * The text of each file that was read, by the name that diagnostics have for it, for excerpts:
   * secrets that should not stand there are starred out.
   */
  readonly texts: ReadonlyMap<string, string>;
  /** The parameters that permissions may depend on. */
  readonly decisive: DecisiveParams;
}

/**
 * Turns a document into a plan: includes are read, names looked up, expressions typed, parameters
 * given their values, steps put in order, permissions computed. Nothing is run or touched.
 *
 * @throws BugError when a step cannot compute its permissions from parameters that it accepted
 *
 * @example
 * ```ts
 * import { parseDocument } from "../document/parse.ts";
 * import { makeRegistry } from "../registry.ts";
 * import { resolve } from "./resolve.ts";
 * import assert from "node:assert/strict";
 *
 * const text = "sluice: v1\nname: demo\nsteps:\n  - { id: a, uses: demo.echo }\n";
 * const { document } = parseDocument(text, "demo.yaml");
 * const { plan, diagnostics } = await resolve(document!, makeRegistry([]), {
 *   cwd: "/srv",
 *   load: () => Promise.reject(new Error("there is nothing to include")),
 *   sources: { given: [], values: new Map(), env: {} },
 * });
 * assert.equal(plan, undefined);
 * assert.equal(diagnostics[0]?.message, 'there is no step "demo.echo"');
 * ```
 */
export async function resolve(
  document: Document,
  registry: Registry,
  options: ResolveOptions,
): Promise<Resolved> {
  const report = makeReport();
  const texts = new Map<string, string>();
  const pipeline = await loadIncludes(document, options, texts, report);
  checkDocuments(pipeline, report);
  const params = parameterStates(pipeline, options, report);
  const resolution: Resolution = {
    registry,
    report,
    scopes: [],
    groups: [],
    steps: [],
    last: [],
    foreign: new Map(),
  };
  const outermost = { pipeline, prefix: "", params, when: [], needs: [], atTheEnd: false };
  await resolveScope(outermost, resolution);
  const isSound = report.found.every(({ severity }) => severity !== "error");
  const plan = isSound && options.sources !== undefined
    ? makePlan(document, params, resolution)
    : undefined;
  if (plan) warnCommits(plan, report);
  const diagnostics = orderDiagnostics(report.found);
  return {
    plan,
    diagnostics,
    texts: redactSecrets(texts, diagnostics),
    decisive: decisiveParams(pipeline, registry),
  };
}

function makePlan(
  { name, summary, file, params, every, stay }: Document,
  states: ReadonlyMap<string, ParameterState>,
  { scopes, groups, steps, last, foreign }: Resolution,
): Plan {
  const values = [...states].flatMap(([name, state]): [string, Json][] =>
    state.kind === "known" ? [[name, state.value]] : []
  );
  const units = Object.fromEntries(params.flatMap(unitOf));
  const plan: Omit<Plan, "digest"> = {
    schemaVersion: 1,
    name: name.value,
    ...(summary && { summary: summary.value }),
    file,
    params: Object.fromEntries(values),
    secrets: params.filter(({ type }) => type.value === "secret").map(({ name }) => name.value),
    ...(Object.keys(units).length > 0 && { units }),
    scopes,
    groups,
    steps: sortGraph(steps),
    finally: sortGraph(last),
    ...(foreign.size > 0 && { foreign: Object.fromEntries(foreign) }),
    ...(every && { every: every.value }),
    ...(stay?.value === true && { stay: true as const }),
  };
  return { ...plan, digest: planDigest(plan) };
}

function unitOf({ name, type, items }: Parameter): [string, Unit][] {
  const unit = type.value === "list" ? items?.value : type.value;
  return unit === "duration" || unit === "size" ? [[name.value, unit]] : [];
}

function parameterStates(
  { document, folder }: LoadedPipeline,
  { sources, cwd }: ResolveOptions,
  report: Report,
): ReadonlyMap<string, ParameterState> {
  const read = sources && readParameters(document, sources, { cwd, pipeline: folder });
  if (read) report.add(read.diagnostics);
  return new Map(document.params.map(({ name: { value: name } }): [string, ParameterState] => {
    const value = read && Object.hasOwn(read.values, name) ? read.values[name] : undefined;
    if (value === undefined) return [name, { kind: "unknown" }];
    const from = read?.origins[name];
    return [name, { kind: "known", value, ...(from === undefined ? {} : { from }) }];
  }));
}

/** What is judged of a text once, however often it is included. */
function checkDocuments(pipeline: LoadedPipeline, report: Report, seen = new Set<string>()): void {
  if (!seen.has(pipeline.document.file)) {
    seen.add(pipeline.document.file);
    report.add(checkDeclarations(pipeline.document, pipeline.folder));
  }
  for (const included of pipeline.includes.values()) checkDocuments(included, report, seen);
}
