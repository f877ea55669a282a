import type { Diagnostic } from "../../engine/diagnostic.ts";
import type { Node } from "../../engine/document/document.ts";
import { orderDiagnostics } from "../../engine/document/order_diagnostics.ts";
import { parseDocument } from "../../engine/document/parse.ts";
import { parseValues } from "../../engine/document/parse_values.ts";
import type { JsonObject } from "../../engine/json.ts";
import type { ParameterSources } from "../../engine/plan/parameters.ts";
import type { Plan } from "../../engine/plan/plan.ts";
import { redactSecrets } from "../../engine/plan/redact_secrets.ts";
import { resolve } from "../../engine/plan/resolve.ts";
import type { Registry } from "../../engine/registry.ts";
import { describerOf } from "./describer_of.ts";
import { misspeltVariables } from "./misspelt_variables.ts";
import type { Place } from "./port.ts";
import { pipelineTexts } from "./pipeline_texts.ts";
import { readPipeline } from "./read_text.ts";
import { resolvePath } from "../launch/resolve_path.ts";
import { showNames, shownName } from "./shown_name.ts";
import { variablesOf } from "./variables_of.ts";

/** Values of parameters as the command line gives them. */
export interface GivenValues {
  readonly param: readonly (readonly [name: string, value: string])[];
  /** A file of values. */
  readonly params?: string | undefined;
  /** Values that a run recorded: those of all parameters that had one. */
  readonly recorded?: JsonObject;
}

export interface LoadedPlan {
  /** There when nothing is wrong and values were asked for. */
  readonly plan: Plan | undefined;
  /** Every fault, of the pipeline, of what it includes, and of the values. */
  readonly diagnostics: readonly Diagnostic[];
  /** The texts that were read, by the names that the diagnostics have for them. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Reads a pipeline and resolves it. Files are called as the user calls them in diagnostics, and by
 * their absolute paths in the plan, which outlives the place where the user stands.
 *
 * @param given `undefined` to check the text alone: no parameter then needs a value
 * @throws InvalidInputError when a file that the command line names cannot be read
 * @throws NotAuthorisedError when a signature was verified, and it does not cover something
 */
export async function loadPipeline(
  file: string,
  given: GivenValues | undefined,
  place: Place,
  registry: Registry,
): Promise<LoadedPlan> {
  const { context, port } = place;
  const { cwd } = context;
  const texts = new Map<string, string>();
  const pipelines = pipelineTexts(place);
  const read = async (name: string, text: Promise<string>) => {
    const path = resolvePath(cwd, name);
    texts.set(shownName(path, cwd), await text);
    return { path, text: await text };
  };
  const main = await read(file, pipelines.named(file));
  const parsed = parseDocument(main.text, main.path);
  const values = given?.params === undefined
    ? { values: new Map<string, Node>(), diagnostics: [] }
    : await read(given.params, readPipeline(given.params, cwd))
      .then(({ path, text }) => parseValues(text, path));
  const found = [...parsed.diagnostics, ...values.diagnostics];
  const { document } = parsed;
  let plan: Plan | undefined;
  if (document !== undefined) {
    const variables = given && given.recorded === undefined
      ? await port.env(variablesOf(document))
      : { values: {}, alike: [] };
    const sources = given && parameterSources(given, values.values, variables.values);
    found.push(...misspeltVariables(document, variables));
    const resolved = await resolve(document, registry, {
      cwd,
      load: pipelines.included,
      describer: describerOf(port),
      sources,
    });
    pipelines.refuseUnsigned();
    for (const [name, text] of resolved.texts) texts.set(shownName(name, cwd), text);
    // What a file of values lacks cannot be told before it can be read.
    const unread = hasErrors(values.diagnostics);
    found.push(
      ...resolved.diagnostics.filter(({ code }) => !unread || code !== "missing-parameter"),
    );
    plan = resolved.plan;
  }
  const diagnostics = orderDiagnostics(showNames(found, cwd));
  // A file of values may hold a secret that was written out; its excerpt must not.
  const shown = redactSecrets(texts, diagnostics);
  return { plan: hasErrors(diagnostics) ? undefined : plan, diagnostics, texts: shown };
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}

function parameterSources(
  { param, recorded }: GivenValues,
  values: ReadonlyMap<string, Node>,
  env: Readonly<Record<string, string>>,
): ParameterSources {
  if (recorded !== undefined) return { given: [], values, env: {}, recorded };
  return { given: param.map(([name, text]) => ({ name, text })), values, env };
}
