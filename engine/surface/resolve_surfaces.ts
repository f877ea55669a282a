import type { Diagnostic } from "../diagnostic.ts";
import type { Placed } from "../document/document.ts";
import { faults } from "../document/faults.ts";
import { orderDiagnostics } from "../document/order_diagnostics.ts";
import { didYouMean } from "../document/suggest.ts";
import { wordPlaces } from "../permissions/lock/words.ts";
import type { WrittenCode } from "../permissions/lock/written_lock.ts";
import type { DecisiveParams } from "../plan/decisive_params.ts";
import type { Plan } from "../plan/plan.ts";
import type { Registry } from "../registry.ts";
import { foreignFiles } from "./foreign_files.ts";
import { resolveFixed } from "./resolve_fixed.ts";
import type { DeclaredFixed, DeclaredOpen, Surfaces } from "./surfaces.ts";

/** The pipelines of a project. */
export interface Pipelines {
  /** Reads one, by its path in the project. */
  load(path: string): Promise<string>;
  /** The paths of all of them, for suggestions. */
  readonly paths: readonly string[];
}

/** A surface with the plan that its set comes from. */
export type ResolvedSurface =
  | {
    readonly declared: DeclaredOpen;
    /** Of the steps of others that its pipelines use. */
    readonly code: readonly WrittenCode[];
  }
  /** Planned among `wordPlaces`: paths begin with `/${project}` and the like on every machine. */
  | {
    readonly declared: DeclaredFixed;
    readonly plan: Plan;
    /** The parameters that its set may depend on. */
    readonly decisive: DecisiveParams;
  };

export interface ResolvedSurfaces {
  /** There when nothing is wrong; in the order of the text. */
  readonly surfaces: readonly ResolvedSurface[] | undefined;
  /** Every fault of the surfaces and of the pipelines of fixed ones. */
  readonly diagnostics: readonly Diagnostic[];
  /** The texts that were read, by the names that diagnostics have for them. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Looks at the pipelines of all surfaces: that they are there, and, for fixed ones, what their plans
 * need. Nothing of this machine comes into it: no variable, no folder, no program.
 */
export async function resolveSurfaces(
  { file, text, surfaces }: Surfaces,
  registry: Registry,
  pipelines: Pipelines,
): Promise<ResolvedSurfaces> {
  const found: Diagnostic[] = [];
  const texts = new Map([[file, text]]);
  const resolved: ResolvedSurface[] = [];
  const load = (path: string) => pipelines.load(path.slice(wordPlaces.project.length + 1));
  const around = { places: wordPlaces, load, nameOf: String, cwd: wordPlaces.project };
  for (const declared of surfaces) {
    if (declared.kind === "open") {
      for (const path of declared.pipelines) found.push(...await missing(path, pipelines));
      const files = await Promise.all(
        declared.pipelines.map(({ value }) => foreignFiles(value, pipelines.load)),
      );
      const code = new Map(files.flat().map((one) => [one.file, one]));
      resolved.push({
        declared,
        code: [...code.values()].sort((a, b) => (a.file < b.file ? -1 : 1)),
      });
      continue;
    }
    const absent = declared.pipeline.value === ""
      ? []
      : await missing(declared.pipeline, pipelines);
    found.push(...absent);
    if (absent.length > 0 || declared.pipeline.value === "") continue;
    const fixed = await resolveFixed(declared, registry, around);
    const { plan, decisive, diagnostics, texts: own } = fixed;
    for (const [name, content] of own) if (!texts.has(name)) texts.set(name, content);
    found.push(...diagnostics);
    if (plan !== undefined) resolved.push({ declared, plan, decisive });
  }
  const diagnostics = orderDiagnostics(found);
  const isSound = diagnostics.every(({ severity }) => severity !== "error");
  return { surfaces: isSound ? resolved : undefined, diagnostics, texts };
}

async function missing(
  { value: path, span }: Placed<string>,
  { load, paths }: Pipelines,
): Promise<readonly Diagnostic[]> {
  const report = faults();
  try {
    await load(path);
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound
      ? "there is no such file"
      : error instanceof Error
      ? error.message
      : String(error);
    const message = `${path} cannot be read: ${reason}`;
    report.error("missing-file", span, message, didYouMean(path, paths));
  }
  return report.found;
}
