import { InvalidInputError, NotAuthorisedError, UsageError } from "../../../engine/errors.ts";
import type { Lock } from "../../../engine/permissions/lock/lock.ts";
import { readLock } from "../../../engine/permissions/lock/read_lock.ts";
import { findRun } from "../find_run.ts";
import type { LaunchPlaces } from "../places.ts";
import { optionValue, positional } from "../command_line.ts";
import { pipelinesOf } from "./pipelines_of.ts";
import { isPlainPath } from "../../../engine/permissions/path.ts";
import { resolvePath } from "../resolve_path.ts";
import { decodeText, readBytes } from "./read_bytes.ts";

/** A command line that wants a signature verified before anything else happens. */
export interface SignedRequest {
  /** Absolute path of a public key or of a folder of them. */
  readonly keys: string;
  /** Absolute path of the pipeline, as it is named. */
  readonly file: string;
  /** Absolute path of its signature, where that does not stand beside it. */
  readonly signature?: string;
  /** Whether a fault ends it, or is only told. */
  readonly must: boolean;
}

/** The commands that `--require-signature` is for. */
const requiring = ["run", "plan", "resume", "undo", "compile", "install"];

const mostBytes = 256 * 2 ** 20;

/**
 * What is to be verified before a command line is even read by the planner; `undefined` where nothing
 * is, or where the planner has to say what is wrong with the command line.
 *
 * @param lock gives the text of the lock
 * @throws NotAuthorisedError where a signature is required and something is to run that has none
 * @throws InvalidInputError when the pipeline or the run does not exist
 */
export async function signedRequest(
  args: readonly string[],
  places: LaunchPlaces,
  lock: () => Promise<string>,
): Promise<SignedRequest | undefined> {
  const [command = ""] = positional(args);
  const must = requiring.includes(command);
  const keys = must
    ? optionValue(args, "--require-signature")
    : command === "verify"
    ? optionValue(args, "--keys")
    : undefined;
  if (keys === undefined) return undefined;
  if (must) refuseWaysAround(args);
  const file = await pipelineOf(args, places, lock);
  if (file === undefined) return undefined;
  if (!await exists(file)) throw new InvalidInputError(`${JSON.stringify(file)} does not exist`);
  // Nothing is run by a signature that lies elsewhere: it is looked at before it is put there.
  const signature = must ? undefined : optionValue(args, "--signature");
  return {
    keys: resolvePath(places.cwd, keys),
    file,
    ...(signature === undefined ? {} : { signature: resolvePath(places.cwd, signature) }),
    must,
  };
}

/** The pipeline that a command line is about, if it can be told. */
async function pipelineOf(
  args: readonly string[],
  places: LaunchPlaces,
  lock: () => Promise<string>,
): Promise<string | undefined> {
  const [command = "", target] = positional(args);
  const ofSurface = async (name: string | undefined) =>
    name === undefined ? undefined : pipelineOfSurface(await lock(), name, places);
  switch (command) {
    case "resume":
    case "undo":
      return target === undefined ? undefined : await pipelineOfRun(target, places);
    case "verify":
      return target === undefined ? undefined : await pipelineToVerify(target, places, lock);
    case "compile":
      return await ofSurface(target);
    case "install": {
      const named = optionValue(args, "--pipeline");
      return named === undefined ? await ofSurface(target) : resolvePath(places.cwd, named);
    }
  }
  return target === undefined
    ? await ofSurface(optionValue(args, "--surface"))
    : resolvePath(places.cwd, target);
}

/** A file, or else a surface: of an open one with several pipelines one has to be named. */
async function pipelineToVerify(
  target: string,
  places: LaunchPlaces,
  lock: () => Promise<string>,
): Promise<string> {
  const file = resolvePath(places.cwd, target);
  // No surface has such a name: what is missing is the file.
  if (/[./]/.test(target) || await exists(file)) return file;
  const pipelines = pipelinesOf(await lock(), target)?.map((each) =>
    resolvePath(places.project, each)
  );
  const [only, ...more] = pipelines ?? [];
  if (only === undefined) {
    throw new InvalidInputError(`${JSON.stringify(target)} is neither a file nor a surface`, {
      hint: "name a pipeline, or a surface that permissions.lock.json has",
    });
  }
  if (more.length > 0) {
    throw new UsageError(`the surface ${target} has ${more.length + 1} pipelines`, {
      hint: `verify each: ${[only, ...more].join(", ")}`,
    });
  }
  return only;
}

function refuseWaysAround(args: readonly string[]): void {
  if (optionValue(args, "--plan") !== undefined) {
    throw new NotAuthorisedError("a plan that was made before has no signature", {
      hint: "name the signed pipeline instead of --plan",
    });
  }
  if (optionValue(args, "--accept") !== undefined) {
    throw new NotAuthorisedError("--accept would let more pass than the signed lock", {
      hint: "leave out --accept, or --require-signature",
    });
  }
}

/** The one pipeline of a fixed surface. */
function pipelineOfSurface(
  lock: string,
  name: string,
  { project }: LaunchPlaces,
): string | undefined {
  const { surfaces } = readSoundLock(lock);
  const surface = Object.hasOwn(surfaces, name) ? surfaces[name] : undefined;
  return surface?.kind === "fixed" ? resolvePath(project, surface.pipeline) : undefined;
}

/** Where a signature is required, what cannot be read authorises nothing. */
function readSoundLock(text: string): Lock {
  try {
    return readLock(text);
  } catch (error) {
    throw error instanceof InvalidInputError ? new NotAuthorisedError(error.message) : error;
  }
}

/** What a run was begun with, as its own plan says: that is verified like any other name. */
async function pipelineOfRun(run: string, { runs }: LaunchPlaces): Promise<string> {
  const { id, folder } = await findRun(runs, run);
  const path = `${folder}/plan.json`;
  let file: unknown;
  try {
    file = JSON.parse(decodeText(await readBytes(path, mostBytes)))?.file;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidInputError(`the plan of run ${id} cannot be read: ${reason}`);
  }
  if (typeof file === "string" && isPlainPath(file)) return file;
  throw new NotAuthorisedError(`run ${id} was begun with a plan of no pipeline`, {
    hint: "what is to be gone on with under a signature has to be begun from a pipeline's file",
  });
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}
