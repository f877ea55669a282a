import type { Diagnostic } from "../../engine/diagnostic.ts";
import type { WrittenLock } from "../../engine/permissions/lock/written_lock.ts";
import { printLock } from "../../engine/permissions/lock/print_lock.ts";
import type { Registry } from "../../engine/registry.ts";
import { draftLock, type LockDraft, programNames } from "../../engine/surface/draft_lock.ts";
import { judgeDraft } from "../../engine/surface/judge_draft.ts";
import { resolveSurfaces } from "../../engine/surface/resolve_surfaces.ts";
import { type ConfigDraft, draftConfig } from "./draft_config.ts";
import { hasErrors } from "./load_pipeline.ts";
import type { Place } from "./port.ts";
import { projectPipelines } from "./project_pipelines.ts";
import { readSurfaces } from "./read_surfaces.ts";
import { showProjectDiagnostics } from "./show_diagnostics.ts";

/** What `sluice lock` would write. */
export interface ProjectDraft extends LockDraft {
  /** Of the lock. */
  readonly text: string;
  readonly config: ConfigDraft;
  /** What a reviewer would object to. */
  readonly findings: readonly Diagnostic[];
  /** The texts that were read, by their paths in the project. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Computes the lock of the project. `undefined` when surfaces or pipelines have faults, which have
 * then been shown on standard error.
 *
 * @param before the lock as it is: a program that is not installed here keeps the path that it has there
 */
export async function draftProject(
  before: WrittenLock | undefined,
  place: Place,
  registry: Registry,
): Promise<ProjectDraft | undefined> {
  const { context, port } = place;
  const { surfaces, diagnostics, texts } = await readSurfaces(context);
  const resolved = surfaces &&
    await resolveSurfaces(surfaces, registry, await projectPipelines(context.project));
  const all = new Map([...texts, ...resolved?.texts ?? []]);
  const found = [...diagnostics, ...resolved?.diagnostics ?? []];
  showProjectDiagnostics(found, all, place);
  if (surfaces === undefined || resolved?.surfaces === undefined || hasErrors(found)) return;
  const { ad_hoc } = surfaces;
  const installed = await port.programs(programNames(ad_hoc, resolved.surfaces));
  const real = Object.fromEntries(
    Object.entries(installed).map(([name, { real }]) => [name, real]),
  );
  const draft = draftLock(ad_hoc, resolved.surfaces, { ...recordedPaths(before), ...real });
  const config = await draftConfig(draft.lock, before, installed, context);
  return {
    lock: draft.lock,
    places: new Map([...draft.places, ...config.places]),
    text: printLock(draft.lock),
    config,
    findings: judgeDraft(draft),
    texts: all,
  };
}

function recordedPaths(lock: WrittenLock | undefined): Readonly<Record<string, string>> {
  const sets = lock === undefined ? [] : [lock.ad_hoc, ...lock.surfaces];
  const programs = sets.flatMap(({ grants }) => grants).flatMap((one) =>
    one.kind === "run" && one.path !== undefined ? [[one.grant.program, one.path] as const] : []
  );
  return Object.fromEntries(programs);
}
