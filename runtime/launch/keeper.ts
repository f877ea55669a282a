/**
 * Makes the folder of a run before its runner starts: `keeper.ts RUNS`, with read and write of RUNS
 * and nothing else. Waits for one {@linkcode KeeperRequest} on standard input, answers with one
 * {@linkcode KeeperReply} on standard output, tidies up and ends. Without a request it ends having
 * done nothing.
 *
 * @module
 */
import { runnerLogs, stepLogs } from "./audit_log.ts";
import { type LaunchRecord, type NewLaunchRecord, recordSuffix } from "./launch_record.ts";
import { keptRuns, prune } from "./prune.ts";
import { readLines } from "./read_lines.ts";

export interface KeeperRequest {
  /** Id of the run whose folder is wanted. */
  readonly open: string;
  /** Whether it must not be there yet, or must be. */
  readonly is: "new" | "there";
  /** Written beside the folder, where the run may not write, before its process starts. */
  readonly record: NewLaunchRecord;
}

export type KeeperReply =
  /** The folder is there, and those of its logs; the run's process that starts now is its n-th. */
  | { readonly process: number }
  | { readonly refused: "there already" | "not there" }
  | { readonly failed: string };

if (import.meta.main) {
  const [runs] = Deno.args;
  const { value } = await readLines(Deno.stdin.readable).next();
  if (runs !== undefined && value !== undefined) {
    const request: KeeperRequest = JSON.parse(value);
    const reply = await openRun(runs, request);
    await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(reply)}\n`));
    // What cannot be tidied up today is tidied up tomorrow.
    if ("process" in reply) await prune(runs, keptRuns, request.open).catch(() => {});
  }
  Deno.exit(0);
}

/** Makes RUNS, RUNS/ID and the folders of its logs as far as they are wanted, and counts the process. */
export async function openRun(
  runs: string,
  { open, is, record }: KeeperRequest,
): Promise<KeeperReply> {
  const folder = `${runs}/${open}`;
  try {
    if (is === "new") {
      await Deno.mkdir(runs, { recursive: true, mode: 0o700 }).catch(noFolder);
      await Deno.mkdir(folder, { mode: 0o700 });
      using handle = await Deno.open(runs);
      await handle.sync();
    }
    for (const name of [runnerLogs, stepLogs]) {
      await Deno.mkdir(`${folder}/${name}`, { mode: 0o700 })
        .catch(ignore(Deno.errors.AlreadyExists));
    }
    const process = await countProcess(`${folder}/${runnerLogs}`);
    await addLine(`${runs}/${open}${recordSuffix}`, { ...record, process });
    return { process };
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return { refused: "there already" };
    if (error instanceof Deno.errors.NotFound) return { refused: "not there" };
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}

/** Takes the next number by making its file: two processes never take the same. */
async function countProcess(audit: string): Promise<number> {
  const taken = (await Array.fromAsync(Deno.readDir(audit)))
    .map(({ name }) => Number(/^(\d+)-/.exec(name)?.[1] ?? 0));
  for (let next = Math.max(0, ...taken) + 1;; next++) {
    try {
      const options = { write: true, createNew: true, mode: 0o600 };
      (await Deno.open(`${audit}/${next}-runner.jsonl`, options)).close();
      return next;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
}

/** Adds a line to a file of its owner's, and waits until it is on the disk. */
async function addLine(path: string, line: LaunchRecord): Promise<void> {
  using file = await Deno.open(path, { append: true, create: true, mode: 0o600 });
  const bytes = new TextEncoder().encode(`${JSON.stringify(line)}\n`);
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  await file.sync();
}

/** A file, or a link that leads nowhere, is in the place of the folder of the runs. */
function noFolder(error: unknown): never {
  if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  throw new Error(`what is in its place is no folder: ${error.message}`);
}

function ignore(kind: new (message: string) => Error) {
  return (error: unknown) => {
    if (!(error instanceof kind)) throw error;
  };
}
