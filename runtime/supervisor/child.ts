import type { Clock } from "../../engine/step.ts";
import type { Options } from "./options.ts";
import type { RotatingLog, Source } from "./rotating_log.ts";

/** A process that was started. */
export interface Child {
  readonly pid: number;
  /** How it ended, in words: `exit code 3`, `killed by SIGSEGV`. Never rejects. */
  readonly ended: Promise<string>;
  /** Does nothing when it has ended. */
  kill(signal: "SIGTERM" | "SIGKILL"): void;
}

/** Longest line of output that is kept whole, in characters. */
const longestLine = 8_192;

/** How long to wait for the rest of the output of a process that has ended, in milliseconds. */
const drain = 500;

/**
 * Starts the program, its output going to the log.
 *
 * @throws Deno.errors.NotFound, NotCapable and the like when it cannot be started
 */
export function startChild(
  { program, args, cwd, env }: Options,
  log: RotatingLog,
  clock: Clock,
): Child {
  const process = new Deno.Command(program, {
    args: [...args],
    ...(cwd === undefined ? {} : { cwd }),
    clearEnv: true,
    env: { ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = Promise.all([
    keepLines(process.stdout, log, "out"),
    keepLines(process.stderr, log, "err"),
  ]);
  return {
    pid: process.pid,
    ended: process.status.then(async ({ code, signal }) => {
      // What it started itself may hold the streams open: they are not waited for to the end.
      const enough = new AbortController();
      await Promise.race([output, clock.sleep(drain, enough.signal).catch(() => {})]);
      enough.abort();
      return signal === null ? `exit code ${code}` : `killed by ${signal}`;
    }),
    kill(signal) {
      try {
        process.kill(signal);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // It has ended.
      }
    },
  };
}

async function keepLines(
  stream: ReadableStream<Uint8Array>,
  log: RotatingLog,
  source: Source,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop()!;
    for (const line of lines) addPieces(line);
    if (rest.length >= longestLine) {
      addPieces(rest);
      rest = "";
    }
  }
  if (rest !== "") addPieces(rest);

  function addPieces(line: string): void {
    for (let at = 0; at === 0 || at < line.length; at += longestLine) {
      log.add(source, line.slice(at, at + longestLine));
    }
  }
}
