import type { JsonObject } from "../json.ts";

/** A program that a step asks for, as `spawned.jsonl` names it. */
export interface SpawnedProgram {
  /** Id of the step, or of its item. */
  readonly step: string;
  /** Absolute path; what the step asked for where that was refused. */
  readonly program: string;
  readonly args: readonly string[];
  /** Names of its variables; never their values. */
  readonly env: readonly string[];
  /** Whether the launcher starts it instead of the runner. */
  readonly brokered: boolean;
}

/** How a program ended; `failed` says why it could not be started or waited for. */
export type SpawnedEnd =
  | {
    /** Exit code, 128 + n when signal n ended it. */
    readonly code: number;
    /** Bytes of output that were not kept, where there were any. */
    readonly dropped?: number;
  }
  | { readonly failed: string };

/**
 * One line of `spawned.jsonl`. `n` ties the end of a program to its start, within one process of the
 * run; a start without an end was cut off with its process. Times are ISO 8601, UTC.
 */
export type SpawnLine =
  | { readonly type: "started"; readonly n: number; readonly time: string } & SpawnedProgram
  | {
    readonly type: "ended";
    readonly n: number;
    readonly time: string;
    readonly step: string;
  } & SpawnedEnd
  /** Not started: the step did not declare it. */
  | { readonly type: "refused"; readonly time: string; readonly reason: string } & SpawnedProgram;

/** The record of the programs of a run, appended to by one process. */
export interface SpawnLog {
  /**
   * Settles when the line is in the file, with what writes the end. A program is started only then,
   * so that none runs unrecorded, whatever becomes of this process.
   */
  started(program: SpawnedProgram): Promise<(end: SpawnedEnd) => Promise<void>>;
  refused(program: SpawnedProgram, reason: string): Promise<void>;
  close(): Promise<void>;
}

export interface SpawnLogOptions {
  readonly clock: { now(): Date };
  /** Applied to each line before it is written. */
  mask(line: JsonObject): JsonObject;
}

/** Makes the record; the file is opened when the first line is written. */
export function makeSpawnLog(path: string, { clock, mask }: SpawnLogOptions): SpawnLog {
  let opening: Promise<Deno.FsFile> | undefined;
  let last: Promise<void> = Promise.resolve();
  let count = 0;
  const write = async (line: SpawnLine) => {
    opening ??= Deno.open(path, { append: true, create: true, mode: 0o600 });
    const file = await opening;
    const text = JSON.stringify(mask(line as unknown as JsonObject)) + "\n";
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  };
  const append = (line: SpawnLine) => {
    const done = last.then(() => write(line));
    last = done.catch(() => {}); // Whoever asked for it is told.
    return done;
  };
  const time = () => clock.now().toISOString();
  return {
    async started(program) {
      const n = ++count;
      await append({ type: "started", n, time: time(), ...program });
      return (end) => append({ type: "ended", n, time: time(), step: program.step, ...end });
    },
    refused: (program, reason) => append({ type: "refused", time: time(), reason, ...program }),
    async close() {
      await last;
      (await opening?.catch(() => undefined))?.close();
      opening = undefined;
    },
  };
}
