import type { DocumentStep, Entry, Parameter } from "../document/document.ts";
import { didYouMean } from "../document/suggest.ts";
import { InvalidInputError } from "../errors.ts";
import { foldTemplate } from "../expression/fold.ts";
import { parseTemplate } from "../expression/template.ts";
import { checkValue, type ValueSite } from "./check_value.ts";
import type { LoadedPipeline } from "./load_includes.ts";
import { readDefault } from "./parameters.ts";
import { parameterSchema } from "./parameter_schema.ts";
import { readParameter } from "./read_parameter.ts";
import { knownValues, originOf, type ParameterState, type ScopeState } from "./scope_state.ts";

/**
 * What an included pipeline's parameters are: what stands under `params` of the step that includes
 * it, else their defaults. Variables of the environment give values to the outermost pipeline only.
 *
 * @param folder of the including pipeline: what relative paths given by it are relative to
 */
export async function includedParameters(
  step: DocumentStep,
  { document, folder: inner }: LoadedPipeline,
  scope: ScopeState,
  folder: string,
  site: ValueSite,
): Promise<ReadonlyMap<string, ParameterState>> {
  const entries = step.with?.kind === "map" ? step.with.entries : [];
  const names = document.params.map((parameter) => parameter.name.value);
  for (const { key, keySpan, value } of entries) {
    if (names.includes(key)) continue;
    const message = `${document.file} has no parameter ${JSON.stringify(key)}`;
    site.report.error("unknown-parameter", keySpan, message, didYouMean(key, names));
    checkValue(value, {}, [key], site);
  }
  const states = new Map<string, ParameterState>();
  for (const parameter of document.params) {
    const name = parameter.name.value;
    const entry = entries.find(({ key }) => key === name);
    if (entry) {
      states.set(name, await readEntry(parameter, entry, scope, folder, site));
      continue;
    }
    if (parameter.default === undefined) {
      const message = `${document.file} lacks a value for its parameter ${JSON.stringify(name)}`;
      const hint = `write params: { ${name}: … }`;
      site.report.error("missing-parameter", step.uses.span, message, hint);
    }
    states.set(name, known(readDefault(parameter, inner, site.report)));
  }
  return states;
}

async function readEntry(
  parameter: Parameter,
  { key, value: node }: Entry,
  scope: ScopeState,
  folder: string,
  site: ValueSite,
): Promise<ParameterState> {
  const { report } = site;
  const { template, expressions, diagnostics } = parseTemplate(node, site.text);
  if (expressions.length === 0) {
    report.add(diagnostics);
    // An escaped `$${{` makes the value another than what stands in the text.
    if (template.kind === "value" && JSON.stringify(template.value).includes("${{")) {
      const given = { kind: "value", value: template.value, span: node.span } as const;
      return known(readParameter(parameter, given, folder, report));
    }
    return known(readParameter(parameter, { kind: "node", node }, folder, report));
  }
  if (!checkValue(node, parameterSchema(parameter), [key], site)) return { kind: "unknown" };
  const origin = originOf(template, scope);
  const bounds = parameter.minimum ?? parameter.maximum;
  if (origin && (parameter.choices ?? bounds)) {
    report.error(
      "late-value",
      node.span,
      `parameter ${JSON.stringify(key)} has ${
        bounds ? "bounds" : "choices"
      }, so it must be known when planning, but ` +
        `${origin.expression} comes from ${origin.from}`,
    );
    return { kind: "unknown" };
  }
  try {
    const folded = await foldTemplate(template, knownValues(scope));
    if (origin) return { kind: "late", template: folded, origin };
    if (folded.kind !== "value") return { kind: "unknown" };
    const given = { kind: "value", value: folded.value, span: node.span } as const;
    return known(readParameter(parameter, given, folder, report));
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    report.error("expression-failed", node.span, error.message, error.hint);
    return { kind: "unknown" };
  }
}

function known(value: ReturnType<typeof readParameter>): ParameterState {
  return value === undefined ? { kind: "unknown" } : { kind: "known", value };
}
