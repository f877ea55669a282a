import { BugError, BusyError, exitCode, FailedError, UsageError } from "../../../engine/errors.ts";
import { childEnvironment } from "../child_environment.ts";
import { denoArguments } from "../deno_command.ts";
import type { LaunchPlaces } from "../places.ts";
import { asideOf, unitAside, type WriterJob, type WriterResult } from "./writer_job.ts";

/**
 * Has a kit written, installed or removed by a process that may write exactly the places that the
 * job names.
 *
 * @returns files that somebody changed, and that were kept
 * @throws what the process says
 * @throws FailedError when such a place has a name that no flag can say
 * @throws BugError when the process does not answer
 */
export async function startWriter(
  job: WriterJob,
  places: LaunchPlaces,
): Promise<readonly string[]> {
  const child = new Deno.Command(places.deno, {
    args: denoArguments(places, writerFlags(job), "runtime/launch/compile/write_kit", []),
    cwd: places.project,
    clearEnv: true,
    env: childEnvironment(),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    // A Ctrl-C in the middle of it would leave a half: it takes less than a second.
    detached: true,
  }).spawn();
  const input = child.stdin.getWriter();
  // One that has ended tells by its output.
  const feed = async () => {
    await input.write(new TextEncoder().encode(JSON.stringify(job)));
    await input.close();
  };
  const [output] = await Promise.all([child.output(), feed().catch(() => {})]);
  const text = new TextDecoder().decode(output.stdout);
  if (output.code === 0) return keptOf(JSON.parse(text));
  const said = new TextDecoder().decode(output.stderr).trim().split("\n")[0];
  throw new BugError(`what writes kits ended with ${output.code}: ${said}`);
}

function keptOf(result: WriterResult): readonly string[] {
  if (result.kind === "done") return result.kept;
  const { exit, message, hint } = result;
  const facts = hint === undefined ? {} : { hint };
  switch (exit) {
    case exitCode.usage:
      throw new UsageError(message, facts);
    case exitCode.busy:
      throw new BusyError(message, facts);
    case exitCode.bug:
      throw new BugError(message, facts);
  }
  throw new FailedError(message, facts);
}

/** The permissions of that process. */
export function writerFlags(job: WriterJob): readonly string[] {
  const { read, write } = reach(job);
  const fault = [...read, ...write].find((path) => path.includes(","));
  if (fault !== undefined) {
    throw new FailedError(`${fault} has a comma in its name, which ends a path in Deno's flags`, {
      hint: "use a folder without one",
    });
  }
  return [`--allow-read=${read.join(",")}`, `--allow-write=${write.join(",")}`];
}

function reach(job: WriterJob): { read: readonly string[]; write: readonly string[] } {
  const from = "content" in job ? job.content.program.from : undefined;
  const copied = from === undefined ? [] : [from];
  if (job.kind === "stage" || job.kind === "place") {
    const { next, last } = asideOf(job.folder);
    // The folder above is opened, to have the new name on the disk.
    const parent = job.folder.slice(0, job.folder.lastIndexOf("/")) || "/";
    return { read: [parent, ...copied], write: [job.folder, next, last] };
  }
  const { folder, unit } = job;
  const files = [`${unit.folder}/${unit.name}`, unitAside(unit)];
  return {
    read: [folder, unit.folder, ...copied],
    // Where the folder of units is not there yet, it is made.
    write: [folder, ...files, ...isThere(unit.folder) ? [] : [unit.folder]],
  };
}

function isThere(folder: string): boolean {
  try {
    Deno.statSync(folder);
    return true;
  } catch {
    return false;
  }
}
