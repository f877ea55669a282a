import { BugError } from "../../../engine/errors.ts";
import type { SignablePipeline } from "../planner_protocol.ts";

/**
 * Reads what the planner found to be sound, and believes none of it: what is signed are the bytes that
 * the launcher reads, and only of pipelines that were asked for.
 *
 * @param asked absolute paths
 * @throws BugError when it is not as it has to be
 */
export function readSignable(
  value: unknown,
  asked: readonly string[],
): readonly SignablePipeline[] {
  if (!Array.isArray(value) || value.length === 0) throw fault("pipelines");
  return value.map((each: unknown) => {
    const { file, files, steps } = mapOf(each, "pipelines");
    if (typeof file !== "string" || !asked.includes(file)) throw fault("file");
    return { file, files: digests(files, "files"), steps: digests(steps, "steps") };
  });
}

function digests(value: unknown, where: string): Readonly<Record<string, string>> {
  const map = mapOf(value, where);
  if (!Object.values(map).every((digest) => typeof digest === "string")) throw fault(where);
  return map as Readonly<Record<string, string>>;
}

function mapOf(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw fault(where);
  return value as Readonly<Record<string, unknown>>;
}

function fault(where: string): BugError {
  return new BugError(`the planner asked for signatures whose ${where} is not as it has to be`);
}
