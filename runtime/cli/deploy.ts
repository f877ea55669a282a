import { type ExitCode, exitCode, RefusedError, UsageError } from "../../engine/errors.ts";
import { declaredBy } from "../../engine/permissions/derive.ts";
import type { Registry } from "../../engine/registry.ts";
import type { DeclaredOpen, DeclaredSurface } from "../../engine/surface/surfaces.ts";
import type { KitRequest, OpenKitRequest } from "../launch/compile/deploy_request.ts";
import type { Plan } from "../../engine/plan/plan.ts";
import type { GivenValues } from "./load_pipeline.ts";
import type { Asked, Place } from "./port.ts";
import { checkVerified } from "./pipeline_texts.ts";
import { portablePlan } from "./portable_plan.ts";
import { readSurfaces } from "./read_surfaces.ts";
import { servedPipeline } from "./served_pipeline.ts";
import { findSurface, surfacePlan } from "./surface_plan.ts";
import { version } from "./version.ts";

/** `sluice compile SURFACE`: has a folder made that runs a surface by itself. */
export async function compile(
  command: Asked<"compile">,
  place: Place,
  registry: Registry,
): Promise<ExitCode> {
  const surface = await declared(command.surface, place);
  // The launcher verifies all pipelines of an open one; read here is only what its unit says.
  if (surface?.kind === "open") {
    place.port.deploy({ action: "compile-open", open: await openKitOf(command, surface, place) });
    return exitCode.done;
  }
  checkVerified(command.requireSignature, place);
  const kit = await kitOf(command, undefined, place, registry);
  if (kit === undefined) return exitCode.invalid;
  place.port.deploy({ action: "compile", kit });
  return exitCode.done;
}

/** `sluice install SURFACE`: has a surface put on this machine. */
export async function install(
  command: Asked<"install">,
  place: Place,
  registry: Registry,
): Promise<ExitCode> {
  checkVerified(command.requireSignature, place);
  const surface = await declared(command.surface, place);
  const [only, ...more] = surface?.kind === "open" ? surface.pipelines : [];
  const single = only !== undefined && more.length === 0
    ? `${place.context.project}/${only.value}`
    : undefined;
  const kit = await kitOf(command, command.pipeline ?? single, place, registry);
  if (kit === undefined) return exitCode.invalid;
  place.port.deploy({ action: "install", kit });
  return exitCode.done;
}

/** `sluice uninstall SURFACE`: has what was installed taken away. */
export function uninstall({ surface }: Asked<"uninstall">, { port }: Place): ExitCode {
  port.deploy({ action: "uninstall", surface });
  return exitCode.done;
}

/** An open surface is planned where it runs: no value of it is known here. */
async function openKitOf(
  { surface, param, params }: Asked<"compile">,
  { tokens, pipelines }: DeclaredOpen,
  place: Place,
): Promise<OpenKitRequest> {
  if (params !== undefined || param.length > 0) {
    const which = pipelines.length > 1 ? ", with one of its pipelines as --pipeline" : "";
    throw new UsageError(
      `the surface ${surface} is open: it is given its values when it is started`,
      { hint: `leave them out; sluice install ${surface} --params FILE${which} fixes them` },
    );
  }
  const served = await servedPipeline(pipelines.map(({ value }) => value), place);
  return {
    surface,
    tokens: tokens?.value ?? "line",
    version,
    ...served === undefined ? {} : { served },
  };
}

/** A step of others has a process of its own, which a launcher starts; a kit has none. */
function refuseForeign({ steps, finally: last }: Plan): void {
  const foreign = [...steps, ...last].filter((step) => step.foreign !== undefined);
  if (foreign.length === 0) return;
  const list = foreign.map(({ id, uses }) => `${id} (${uses})`).join(", ");
  throw new RefusedError(`steps of others need the launcher, and a kit has none: ${list}`, {
    hint: "leave them out, or run the pipeline with sluice run",
  });
}

/**
 * `undefined` where the file of surfaces has faults: planning then shows them; and where the pipeline
 * was verified: that file is then read only as it was signed.
 */
async function declared(name: string, place: Place): Promise<DeclaredSurface | undefined> {
  if (place.port.signed !== undefined) return undefined;
  const { surfaces } = await readSurfaces(place.context);
  return surfaces === undefined ? undefined : findSurface(name, surfaces.surfaces);
}

async function kitOf(
  { surface, param, params }: GivenValues & { readonly surface: string },
  pipeline: string | undefined,
  place: Place,
  registry: Registry,
): Promise<KitRequest<Plan> | undefined> {
  const planned = await surfacePlan(
    { surface, param, params, file: pipeline, fileOption: "--pipeline" },
    place,
    registry,
  );
  if (planned === undefined) return undefined;
  const { plan, file } = planned;
  refuseForeign(plan);
  return {
    surface,
    plan: portablePlan(plan, place.context.project),
    permissions: declaredBy(plan),
    file,
    version,
  };
}
