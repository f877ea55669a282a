import { didYouMean } from "../../engine/document/suggest.ts";
import { type ExitCode, exitCode, RefusedError, UsageError } from "../../engine/errors.ts";
import { joinPath } from "../../engine/join_path.ts";
import { covers } from "../../engine/permissions/covers.ts";
import { declaredBy, derive } from "../../engine/permissions/derive.ts";
import { expand } from "../../engine/permissions/expand.ts";
import { explain } from "../../engine/permissions/explain.ts";
import { setOfGrants } from "../../engine/permissions/grant.ts";
import { lockFile } from "../../engine/permissions/lock/read_lock.ts";
import { surfaceDigest } from "../../engine/permissions/lock/surface_digest.ts";
import type { WrittenLock, WrittenSurface } from "../../engine/permissions/lock/written_lock.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import { renderers } from "../../engine/permissions/render/render.ts";
import { renderLauncherUnit } from "../../engine/permissions/render/launcher_unit/launcher_unit.ts";
import type {
  LockedSurface,
  RenderedSurface,
  Rendering,
} from "../../engine/permissions/render/rendering.ts";
import type { Registry } from "../../engine/registry.ts";
import { lockHint } from "../launch/choose_ceilings.ts";
import { defaultPrefix } from "../launch/compile/deploy_places.ts";
import { setOf } from "./launch_request.ts";
import type { Asked, Place } from "./port.ts";
import { readProjectLock } from "./read_project_lock.ts";
import { servedPipeline } from "./served_pipeline.ts";
import { surfacePlan } from "./surface_plan.ts";

/**
 * `sluice permissions SURFACE`: what the lock lets it do, as a person or a layer below wants it. What
 * is not locked is not rendered: a unit must not be wider than what was reviewed.
 */
export async function permissions(
  { surface: name, as, strict }: Asked<"permissions">,
  place: Place,
  registry: Registry,
): Promise<ExitCode> {
  const { port } = place;
  const surface = findLocked(name, await readProjectLock(place.context.project));
  const rendering = surface.kind === "open" && as === "systemd"
    ? await launcherUnit(surface, place)
    : await renderedSurface(surface, place, registry).then((one) => one && renderers[as](one));
  if (rendering === undefined) return exitCode.invalid;
  const { text, unsaid } = rendering;
  port.out(text);
  for (const one of unsaid) port.err(`${as} does not say: ${one}\n`);
  return strict && unsaid.length > 0 ? exitCode.refused : exitCode.done;
}

function findLocked(name: string, { surfaces }: WrittenLock): WrittenSurface {
  const found = surfaces.find((surface) => surface.name === name);
  if (found !== undefined) return found;
  const hint = didYouMean(name, surfaces.map((surface) => surface.name)) ??
    "sluice surfaces lists them";
  throw new UsageError(`${lockFile} has no surface ${JSON.stringify(name)}`, { hint });
}

/**
 * The unit of a kit of an open surface.
 *
 * @throws UsageError for a surface that a unit cannot start as it is
 */
async function launcherUnit(
  surface: Extract<WrittenSurface, { readonly kind: "open" }>,
  place: Place,
): Promise<Rendering> {
  const { name, note = "", pipelines, grants } = surface;
  const served = await servedPipeline(pipelines, place);
  if (served === undefined) {
    const which = pipelines.length === 1 ? "" : " --pipeline FILE";
    throw new UsageError(
      `the surface ${name} is open, and no pipeline of its own stays up: a unit would not know what to start`,
      {
        hint:
          `sluice install ${name}${which} --params FILE makes a unit with a pipeline and its values`,
      },
    );
  }
  return renderLauncherUnit({
    surface: name,
    summary: note,
    ceiling: setOfGrants(grants),
    served,
    home: `${defaultPrefix}/${name}`,
    runs: place.context.runs,
  });
}

async function renderedSurface(
  surface: WrittenSurface,
  place: Place,
  registry: Registry,
): Promise<RenderedSurface | undefined> {
  const { context, port } = place;
  const { name, note } = surface;
  const locked = expand(setOfGrants(surface.grants), context);
  const programs = await port.programs(
    locked.run.map(({ program }) => program).filter((program) => !program.startsWith("/")),
  );
  const common = {
    name,
    // Beside the runs, which a run's own steps may write.
    plan: joinPath(context.runs, `../${name}.plan.json`),
    summary: note ?? `the surface ${name}`,
    programs: Object.fromEntries(Object.entries(programs).map(([name, { path }]) => [name, path])),
    locked: lockedSurface(surface),
    places: context,
    columns: context.columns,
  };
  if (surface.kind === "open") return { ...common, set: locked, explained: [] };
  const planned = await surfacePlan({ surface: name, param: [] }, place, registry, "set");
  if (planned === undefined) return undefined;
  const { plan } = planned;
  if (!isSame(locked, declaredBy(plan))) {
    throw new RefusedError(`${lockFile} is not what the pipeline of ${name} needs`, {
      hint: lockHint,
    });
  }
  const here = setOf(plan);
  return {
    ...common,
    locked: { ...common.locked, ...(here === common.locked.digest ? {} : { here }) },
    set: derive(plan, { run: context.runs }),
    explained: explain(plan),
  };
}

function lockedSurface(surface: WrittenSurface): LockedSurface {
  const { kind, accepts } = surface;
  const code = surface.kind === "open" ? surface.code ?? [] : [];
  return { kind, digest: surfaceDigest(surface), code, accepts };
}

function isSame(one: Permissions, other: Permissions): boolean {
  return covers(one, other).covered && covers(other, one).covered;
}
