import { orderDiagnostics } from "../../engine/document/order_diagnostics.ts";
import { didYouMean } from "../../engine/document/suggest.ts";
import { UsageError } from "../../engine/errors.ts";
import type { TokenForm } from "../../engine/events/token_form.ts";
import type { Plan } from "../../engine/plan/plan.ts";
import type { Registry } from "../../engine/registry.ts";
import type {
  DeclaredFixed,
  DeclaredOpen,
  DeclaredSurface,
} from "../../engine/surface/surfaces.ts";
import { resolveFixed } from "../../engine/surface/resolve_fixed.ts";
import { realPath } from "../launch/real_paths.ts";
import { resolvePath } from "../launch/resolve_path.ts";
import { type FixedStart, fixedStart } from "./fixed_start.ts";
import { type GivenValues, hasErrors } from "./load_pipeline.ts";
import { pipelineTexts } from "./pipeline_texts.ts";
import type { Place } from "./port.ts";
import { readSurfaces } from "./read_surfaces.ts";
import { requirePlan } from "./require_plan.ts";
import { showProjectDiagnostics } from "./show_diagnostics.ts";

export interface AskedSurface extends GivenValues {
  readonly surface: string;
  /** The pipeline, for an open surface. */
  readonly file?: string | undefined;
  /** The option by which the command takes it, where it is no argument. */
  readonly fileOption?: "--pipeline";
  /** How faults are told. */
  readonly tokens?: TokenForm;
}

export interface SurfacePlan {
  readonly plan: Plan;
  /** Absolute path of its pipeline. */
  readonly file: string;
}

/**
 * The plan of a surface: of a fixed one with the values that it has, of an open one with those that
 * are given. For a `set` alone, nothing of a fixed one has to be given. `undefined` when something is wrong, which has then been shown on standard error.
 *
 * @throws UsageError for a surface that there is not, and for what may not be given with it
 */
export async function surfacePlan(
  asked: AskedSurface,
  place: Place,
  registry: Registry,
  purpose: "run" | "set" = "run",
): Promise<SurfacePlan | undefined> {
  const { signed } = place.port;
  if (signed !== undefined && asked.file !== undefined) {
    // Of an open surface: that it lists this pipeline says the lock, which the launcher asks.
    const plan = await requirePlan(asked.file, asked, place, registry);
    return plan && { plan, file: resolvePath(place.context.cwd, asked.file) };
  }
  const signedTexts = signed && pipelineTexts(place);
  const { surfaces, diagnostics, texts } = await readSurfaces(place.context, signedTexts?.included)
    .finally(() => signedTexts?.refuseUnsigned());
  if (surfaces === undefined || hasErrors(diagnostics)) {
    showProjectDiagnostics(diagnostics, texts, place);
    return undefined;
  }
  const surface = findSurface(asked.surface, surfaces.surfaces);
  if (surface.kind === "fixed") {
    const start = fixedStart(surface, asked, place);
    return await fixedPlan(surface, asked, { texts, start, purpose }, place, registry);
  }
  const file = pipelineOf(surface, asked, place);
  const plan = await requirePlan(file, asked, place, registry);
  return plan && { plan, file: resolvePath(place.context.cwd, file) };
}

/** @throws UsageError when there is none of that name */
export function findSurface(
  name: string,
  surfaces: readonly DeclaredSurface[],
): DeclaredSurface {
  const found = surfaces.find((surface) => surface.name.value === name);
  if (found !== undefined) return found;
  const hint = didYouMean(name, surfaces.map((surface) => surface.name.value));
  throw new UsageError(`there is no surface ${JSON.stringify(name)}`, {
    hint: hint ?? "sluice surfaces lists them",
  });
}

async function fixedPlan(
  surface: DeclaredFixed,
  asked: AskedSurface,
  { texts: surfaceTexts, start, purpose }: {
    readonly texts: ReadonlyMap<string, string>;
    readonly start: FixedStart;
    readonly purpose: "run" | "set";
  },
  place: Place,
  registry: Registry,
): Promise<SurfacePlan | undefined> {
  const { context } = place;
  const { value: pipeline } = surface.pipeline;
  if (asked.file !== undefined) {
    throw new UsageError(`the surface ${surface.name.value} is fixed: it runs ${pipeline}`, {
      hint: `leave out ${asked.file}`,
    });
  }
  const file = `${context.project}/${pipeline}`;
  const pipelines = pipelineTexts(place);
  const { plan, diagnostics, texts } = await resolveFixed(surface, registry, {
    places: context,
    load: pipelines.included,
    nameOf: (path) => `${context.project}/${path}`,
    cwd: context.cwd,
  }, purpose === "run" ? start.given : undefined);
  pipelines.refuseUnsigned();
  const found = orderDiagnostics([...start.diagnostics(), ...diagnostics]);
  showProjectDiagnostics(found, new Map([...surfaceTexts, ...texts, ...start.texts()]), place);
  return plan === undefined || hasErrors(found) ? undefined : { plan, file };
}

function pipelineOf(
  { name, pipelines }: DeclaredOpen,
  { file, fileOption }: AskedSurface,
  { context }: Place,
): string {
  const listed = pipelines.map(({ value }) => value);
  const option = fileOption === undefined ? "" : `${fileOption} `;
  const hint = `name one: ${listed.map((each) => option + each).join(", ")}`;
  if (file === undefined) {
    if (listed.length === 1) return `${context.project}/${listed[0]}`;
    throw new UsageError(
      `${option}FILE is missing: the surface ${name.value} has more than one pipeline`,
      { hint },
    );
  }
  const real = realPath(resolvePath(context.cwd, file));
  if (!listed.some((path) => realPath(`${context.project}/${path}`) === real)) {
    throw new UsageError(`${file} is no pipeline of the surface ${name.value}`, { hint });
  }
  return file;
}
