import type { JsonObject } from "../json.ts";

/** One line of `spawned.jsonl`: a program that a step started. */
export interface Spawned {
  /** When it was started: ISO 8601, UTC. */
  readonly time: string;
  readonly step: string;
  /** Absolute path. */
  readonly program: string;
  readonly args: readonly string[];
  /** Names of its variables; never their values. */
  readonly env: readonly string[];
  /** Exit code, 128 + n when signal n ended it. */
  readonly code: number;
  /** Whether the launcher started it instead of the runner. */
  readonly brokered: boolean;
  /** Bytes of output that were not kept, where there were any. */
  readonly dropped?: number;
}

/** The record of the programs of a run, appended to by one process. */
export interface SpawnLog {
  append(spawned: Spawned): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the record at the first program that is started.
 *
 * @param mask applied to each line before it is written
 */
export function makeSpawnLog(path: string, mask: (line: JsonObject) => JsonObject): SpawnLog {
  let opening: Promise<Deno.FsFile> | undefined;
  let last: Promise<void> = Promise.resolve();
  const write = async (spawned: Spawned) => {
    opening ??= Deno.open(path, { append: true, create: true, mode: 0o600 });
    const file = await opening;
    const line = JSON.stringify(mask(spawned as unknown as JsonObject)) + "\n";
    const bytes = new TextEncoder().encode(line);
    for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  };
  return {
    append(spawned) {
      const done = last.then(() => write(spawned));
      last = done.catch(() => {}); // Whoever asked for it is told.
      return done;
    },
    async close() {
      await last;
      (await opening?.catch(() => undefined))?.close();
      opening = undefined;
    },
  };
}
