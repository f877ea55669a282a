/**
 * Makes and installs kits: what the launcher does for `sluice compile`, `install` and `uninstall`.
 * The launcher loads it only for these. It decides what a kit is given, as it does for a run, and has
 * a process write that may write there and nowhere else.
 *
 * @module
 */
import { BugError, type ExitCode, exitCode, UsageError } from "../../../engine/errors.ts";
import type { Box } from "../box.ts";
import { optionValue } from "../command_line.ts";
import { deployedSurface, type LaunchPlaces } from "../places.ts";
import type { Lock } from "../../../engine/permissions/lock/lock.ts";
import { resolvePath } from "../resolve_path.ts";
import type { Write } from "../write_output.ts";
import { admitKit } from "./admit_kit.ts";
import { bundleRunner } from "./bundle_runner.ts";
import { type DeployPlaces, findDeployPlaces } from "./deploy_places.ts";
import type { DeployRequest, OpenKitRequest } from "./deploy_request.ts";
import { type Kit, unitName } from "./kit.ts";
import { binaryEntry, binarySources, greet, makeBinary } from "./kit_binary.ts";
import { type KitFile, kitFiles, kitId, runtimeName } from "./kit_files.ts";
import { kitUnit } from "./kit_unit.ts";
import { judgeDenort } from "./judge_denort.ts";
import { bundlePrograms } from "./launcher_kit/bundle_programs.ts";
import { kitPipelines, signedPipelines } from "./launcher_kit/kit_pipelines.ts";
import { admitLauncherKit, lockOfSurface } from "./launcher_kit/launcher_kit.ts";
import { launcherKitFiles } from "./launcher_kit/launcher_kit_files.ts";
import type { BundledModule } from "./launcher_kit/stable_names.ts";
import { showContent, showKit, showLauncherKit, showUninstalled } from "./show_kit.ts";
import { startWriter } from "./start_writer.ts";
import { asideOf, type KitContent, type UnitPlace } from "./writer_job.ts";

/** What the launcher has of the world for it. */
export interface DeployWorld {
  /** Its own arguments: where a kit is made is read from these, not from what the planner says. */
  readonly args: readonly string[];
  readonly places: LaunchPlaces;
  readonly lock: Lock;
  /** The text of it. */
  readonly lockText: string;
  /** The value of DENORT_BIN. */
  readonly denort: string | undefined;
  /** The box that this machine can make. */
  box(): Promise<Box>;
  readonly stdout: Write;
  readonly stderr: Write;
}

/**
 * Does what was asked for.
 *
 * @throws RefusedError when the lock does not allow it; nothing was written then
 */
export async function deploy(request: DeployRequest, world: DeployWorld): Promise<ExitCode> {
  const surface = surfaceOf(request);
  if (deployedSurface(world.args) !== surface) {
    throw new BugError(`the planner speaks of the surface ${surface}, which nobody named`);
  }
  const to = findDeployPlaces(world.args, surface, world.places.cwd);
  switch (request.action) {
    case "uninstall":
      return await uninstall(surface, to, world);
    case "compile":
      return await compile(admitKit(request.kit, to, world), to, world);
    case "compile-open":
      return await compileOpen(request.open, to, world);
    case "install":
      return await install(admitKit(request.kit, to, world), to, world);
  }
}

/** What a request is about. */
function surfaceOf(request: DeployRequest): string {
  switch (request.action) {
    case "uninstall":
      return request.surface;
    case "compile-open":
      return request.open.surface;
    default:
      return request.kit.surface;
  }
}

async function compileOpen(
  request: OpenKitRequest,
  to: DeployPlaces,
  { args, places, lock, lockText, stderr }: DeployWorld,
): Promise<ExitCode> {
  const { output: folder } = to;
  if (folder === undefined) throw new UsageError("--output DIR is missing");
  const kit = admitLauncherKit(request, to, lock);
  const bare = "runtime/launch/bare_config.json";
  const bareConfig = await Deno.readTextFile(`${places.project}/${bare}`);
  const keys = optionValue(args, "--require-signature");
  const pipelines = keys === undefined
    ? await kitPipelines(places.project)
    : await signedPipelines(kit, resolvePath(places.cwd, keys), places, lockText);
  // The bundler writes where the kit is put together; what it wrote there goes again.
  const staged: KitFile = { name: "being-made", mode: 0o644, text: "" };
  await startWriter({ kind: "stage", folder, files: [staged] }, places);
  let modules: readonly BundledModule[];
  try {
    modules = await bundlePrograms(`${asideOf(folder).next}/modules`, places);
  } catch (error) {
    await startWriter({ kind: "stage", folder, files: [] }, places);
    throw error;
  }
  const files = launcherKitFiles(kit, {
    modules,
    pipelines,
    lock: lockOfSurface(lockText, kit.surface),
    bareConfig,
  });
  const program = { name: runtimeName, from: places.deno };
  await startWriter({ kind: "place", folder, content: { files, program } }, places);
  stderr(showLauncherKit(kit, folder));
  return exitCode.done;
}

async function compile(admitted: Kit, to: DeployPlaces, world: DeployWorld): Promise<ExitCode> {
  const { output: folder } = to;
  if (folder === undefined) throw new UsageError("--output DIR is missing");
  const { denort, places } = world;
  const kit: Kit = { ...admitted, form: to.binary ? "binary" : "folder" };
  if (to.binary && denort !== undefined) judgeDenort(denort);
  const runner = await bundleRunner(places);
  const files = kitFiles(kit, runner, kitUnit(kit));
  if (to.binary) await compileBinary(kit, folder, { files, runner }, world);
  const program = to.binary ? { name: kit.surface } : { name: runtimeName, from: places.deno };
  await startWriter({ kind: "place", folder, content: { files, program } }, places);
  world.stderr(
    showKit(kit, { made: "compiled", start: `${folder}/start`, project: places.project }),
  );
  return exitCode.done;
}

/** Makes the program aside, and keeps it only if it is ours and answers. */
async function compileBinary(
  kit: Kit,
  folder: string,
  { files, runner }: { readonly files: readonly KitFile[]; readonly runner: string },
  { denort, places, box }: DeployWorld,
): Promise<void> {
  const sources: readonly KitFile[] = [
    { name: binarySources.entry, mode: 0o644, text: binaryEntry },
    { name: binarySources.runner, mode: 0o644, text: runner },
    files.find(({ name }) => name === binarySources.plan)!,
  ];
  await startWriter({ kind: "stage", folder, files: sources }, places);
  try {
    const binary = await makeBinary(kit, asideOf(folder).next, denort, places);
    await greet(binary, kit, await box(), places);
  } catch (error) {
    await startWriter({ kind: "stage", folder, files: [] }, places);
    throw error;
  }
}

async function install(admitted: Kit, to: DeployPlaces, world: DeployWorld): Promise<ExitCode> {
  const { places } = world;
  const runner = await bundleRunner(places);
  const id = kitId(admitted, runner);
  const kit: Kit = { ...admitted, home: `${admitted.home}/${id}` };
  const content: KitContent = {
    files: kitFiles(kit, runner, kitUnit(kit)),
    program: { name: runtimeName, from: places.deno },
  };
  const unit = unitPlace(kit.surface, to);
  const start = `${to.root}${kit.home}/start`;
  if (to.dryRun) {
    world.stdout(showContent(content, `${to.root}${kit.home}`, `${unit.folder}/${unit.name}`));
    return exitCode.done;
  }
  const folder = `${to.root}${admitted.home}`;
  const kept = await startWriter({ kind: "install", folder, id, content, unit }, places);
  world.stderr(showKit(kit, {
    made: "installed",
    start,
    project: places.project,
    unit: `${unit.folder}/${unit.name}`,
    elsewhere: to.root !== "",
  }));
  return tellKept(kept, world);
}

async function uninstall(
  surface: string,
  to: DeployPlaces,
  world: DeployWorld,
): Promise<ExitCode> {
  const unit = unitPlace(surface, to);
  const folder = `${to.root}${to.prefix}/${surface}`;
  const kept = await startWriter({ kind: "uninstall", folder, unit }, world.places);
  const runs = `${to.root}${to.runs}`;
  const areThere = await Deno.lstat(runs).then(() => true, () => false);
  world.stderr(showUninstalled(surface, runs, areThere));
  return tellKept(kept, world);
}

function unitPlace(surface: string, { root, unitDir }: DeployPlaces): UnitPlace {
  return { folder: `${root}${unitDir}`, name: `${unitName(surface)}.service` };
}

/** Files that people changed are theirs: they are kept, and named. */
function tellKept(kept: readonly string[], { stderr }: DeployWorld): ExitCode {
  if (kept.length === 0) return exitCode.done;
  const list = kept.map((path) => `  ${path}\n`).join("");
  stderr(`kept, as somebody changed or added them:\n${list}`);
  return exitCode.degraded;
}
