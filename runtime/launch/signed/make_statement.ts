import { FailedError, InvalidInputError } from "../../../engine/errors.ts";
import type { Digests, PipelineStatement } from "../../../engine/trust/pipeline_statement.ts";
import type { SignablePipeline } from "../planner_protocol.ts";
import { codeDigests } from "./code_digests.ts";
import { withinProject } from "../choose_ceilings.ts";
import { folderOf, pathOf, relativeName, surfacesFile } from "./file_names.ts";
import { isFixed, lockDigests } from "./lock_digests.ts";
import { digestBytes, readBytes } from "./read_bytes.ts";

/** What statements are made from beside a pipeline. */
export interface StatementWorld {
  readonly project: string;
  /** The lock's text. */
  readonly lock: string;
  /** ISO 8601, UTC, by the second. */
  readonly expires?: string | undefined;
}

const mostBytes = 4 * 2 ** 20;

/**
 * States what a pipeline is, as {@linkcode verifyPipeline} will find it. The same files give the same
 * statement.
 *
 * @throws FailedError when a file is not the one that was judged
 */
export async function makeStatement(
  { file, files, steps }: SignablePipeline,
  { project, lock, expires }: StatementWorld,
): Promise<PipelineStatement> {
  const inProject = withinProject(file, project);
  const values = isFixed(lock, inProject) ? await valuesOf(file, project) : {};
  return {
    schemaVersion: 1,
    pipeline: file.slice(file.lastIndexOf("/") + 1),
    files: { ...await judgedAgain(file, files), ...values },
    steps: await judgedAgain(file, steps),
    code: await codeDigests(project),
    lock: await lockDigests(lock, inProject),
    ...(expires === undefined ? {} : { expires }),
  };
}

/** The file in which a fixed surface gives values to its pipeline: it decides, too, what is done. */
async function valuesOf(pipeline: string, project: string): Promise<Digests> {
  const path = `${project}/${surfacesFile}`;
  return { [relativeName(folderOf(pipeline), path)]: await digestOf(path) };
}

/** The digests of the bytes that are there, which have to be those that were judged. */
async function judgedAgain(pipeline: string, judged: Digests): Promise<Digests> {
  const entries = Object.entries(judged).map(async ([name, digest]) => {
    const path = pathOf(pipeline, name);
    if (await digestOf(path) === digest) return [name, digest];
    throw new FailedError(`${path} changed while it was read`, { hint: "sign it again" });
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function digestOf(path: string): Promise<string> {
  try {
    return await digestBytes(await readBytes(path, mostBytes));
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new InvalidInputError(`${path}: ${error.message}`);
  }
}
