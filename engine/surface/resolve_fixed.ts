import type { Document, Node } from "../document/document.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { faults } from "../document/faults.ts";
import { orderDiagnostics } from "../document/order_diagnostics.ts";
import { parseDocument } from "../document/parse.ts";
import { didYouMean } from "../document/suggest.ts";
import type { Places } from "../permissions/expand.ts";
import type { DecisiveParams } from "../plan/decisive_params.ts";
import type { ParameterSources } from "../plan/parameters.ts";
import type { Plan } from "../plan/plan.ts";
import { resolve } from "../plan/resolve.ts";
import type { Registry } from "../registry.ts";
import type { DeclaredFixed } from "./surfaces.ts";
import { surfaceValues } from "./surface_values.ts";

/** Where surfaces are resolved. */
export interface SurfaceSurroundings {
  /** What `${project}`, `${runs}` and `${tmp}` stand for. */
  readonly places: Places;
  /** Reads a pipeline, by its absolute path among those places. */
  load(file: string): Promise<string>;
  /** What a pipeline is called in diagnostics and in the plan, by its path in the project. */
  nameOf(path: string): string;
  /** Where the user stands, for paths given at the start. Absolute. */
  readonly cwd: string;
}

/** What is given at the start to parameters that permissions do not depend on. */
export type GivenAtStart = Pick<ParameterSources, "given" | "values" | "env">;

/** What is known of a fixed surface before anything is given. */
export interface FixedPipeline {
  readonly document: Document;
  /** The parameters that may not be given. */
  readonly decisive: DecisiveParams;
  /** The values that the surface gives, with paths for words. */
  readonly values: ReadonlyMap<string, Node>;
}

export interface ResolvedFixed {
  /** There when nothing is wrong. */
  readonly plan: Plan | undefined;
  /** The parameters that its set may depend on; none where the pipeline cannot be read. */
  readonly decisive: DecisiveParams;
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Plans the pipeline of a fixed surface with the values that it has there. The set of that plan is the
 * surface's: it depends on no variable and no argument.
 *
 * @param start `undefined` to learn the set alone: what only the start gives needs no value then
 */
export async function resolveFixed(
  surface: DeclaredFixed,
  registry: Registry,
  around: SurfaceSurroundings,
  start?: (pipeline: FixedPipeline) => Promise<GivenAtStart>,
): Promise<ResolvedFixed> {
  const { places, load, nameOf, cwd } = around;
  const report = faults();
  const { value: path, span } = surface.pipeline;
  let text: string;
  try {
    text = await load(`${places.project}/${path}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    report.error("missing-file", span, `${path} cannot be read: ${reason}`);
    return { plan: undefined, decisive: new Map(), diagnostics: report.found, texts: new Map() };
  }
  const { document, diagnostics } = parseDocument(text, nameOf(path));
  if (document === undefined) {
    const texts = new Map([[nameOf(path), text]]);
    return { plan: undefined, decisive: new Map(), diagnostics, texts };
  }
  const options = { cwd, load: (file: string) => load(file) };
  const checked = await resolve(document, registry, { ...options, sources: undefined });
  const values = surfaceValues(knownParams(surface, document, report), places, report);
  reportMissing(surface, document, checked.decisive, values, report);
  const given = await start?.({ document, decisive: checked.decisive, values });
  const resolved = await resolve(document, registry, {
    ...options,
    sources: {
      given: given?.given ?? [],
      values: new Map([...values, ...given?.values ?? []]),
      folder: places.project,
      env: given?.env ?? {},
      optional: new Set(
        document.params.map(({ name }) => name.value).filter((name) =>
          start === undefined || checked.decisive.has(name)
        ),
      ),
    },
  });
  const found = orderDiagnostics([...diagnostics, ...report.found, ...resolved.diagnostics]);
  const isSound = found.every(({ severity }) => severity !== "error");
  return {
    plan: isSound ? resolved.plan : undefined,
    decisive: checked.decisive,
    diagnostics: found,
    texts: resolved.texts,
  };
}

type Report = ReturnType<typeof faults>;

function knownParams({ params }: DeclaredFixed, document: Document, report: Report) {
  const names = document.params.map(({ name }) => name.value);
  return params.filter(({ key, keySpan }) => {
    if (names.includes(key)) return true;
    const message = `${document.file} has no parameter ${JSON.stringify(key)}`;
    report.error("unknown-parameter", keySpan, message, didYouMean(key, names));
    return false;
  });
}

function reportMissing(
  { name, pipeline }: DeclaredFixed,
  document: Document,
  decisive: DecisiveParams,
  values: ReadonlyMap<string, Node>,
  report: Report,
): void {
  for (const parameter of document.params) {
    const { value: key } = parameter.name;
    const use = decisive.get(key);
    if (use === undefined || values.has(key) || parameter.default !== undefined) continue;
    report.error(
      "missing-value",
      name.span,
      `the surface ${name.value} is fixed, but the parameter ${JSON.stringify(key)} of ` +
        `${pipeline.value} has no value, and the permissions of step ${use.step} (${use.uses}) ` +
        "may depend on it",
      `write params: { ${key}: … }, or give it a default`,
    );
  }
}
