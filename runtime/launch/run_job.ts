import { makeKill } from "./make_kill.ts";
import { outlive } from "./outlive.ts";
import type { BrokeredResult } from "./runner_protocol.ts";

/** One program to be run to its end. */
export interface ProgramJob {
  readonly program: string;
  readonly args: readonly string[];
  /** The program's whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Most bytes kept of each output stream; the rest is dropped. */
  readonly max_output: number;
  /** Whether what it prints is told as it comes. */
  readonly show: boolean;
}

/** Takes what a program prints, as it comes; the program waits until it was taken. */
export type JobOutput = (stream: "stdout" | "stderr", text: string) => Promise<void>;

/** Milliseconds between SIGTERM and SIGKILL, and for which a stream may outlive its program. */
const patience = 1000;

/**
 * Runs a program to its end and keeps what it says. The signal stops it: SIGTERM, after a second
 * SIGKILL. One that cannot be started is refused.
 */
export async function runJob(
  job: ProgramJob,
  signal: AbortSignal,
  output?: JobOutput,
): Promise<BrokeredResult> {
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(job.program, {
      args: [...job.args],
      clearEnv: true,
      env: { ...job.env },
      ...(job.cwd === undefined ? {} : { cwd: job.cwd }),
      // A Ctrl-C on the terminal is the launcher's to hand on.
      detached: true,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
  const end = makeKill(child);
  const kill = () => {
    end("SIGTERM");
    setTimeout(end, patience, "SIGKILL");
  };
  if (signal.aborted) kill();
  else signal.addEventListener("abort", kill, { once: true });
  const outputs = (["stdout", "stderr"] as const).map((name) =>
    keep(child[name], job.max_output, output && ((text) => output(name, text)))
  );
  const { code } = await child.status;
  await outlive(Promise.all(outputs.map(({ done }) => done)), patience, () => false);
  return { code, stdout: outputs[0]!.text(), stderr: outputs[1]!.text() };
}

function keep(
  stream: ReadableStream<Uint8Array>,
  max: number,
  tell?: (text: string) => Promise<void>,
) {
  const pieces: Uint8Array[] = [];
  let left = max;
  const read = async () => {
    const all = new TextDecoder();
    for await (const piece of stream) {
      await tell?.(all.decode(piece, { stream: true }));
      if (left <= 0) continue;
      pieces.push(piece.slice(0, left));
      left -= piece.length;
    }
  };
  return {
    done: read(),
    text() {
      const decoder = new TextDecoder();
      return pieces.map((piece) => decoder.decode(piece, { stream: true })).join("") +
        decoder.decode();
    },
  };
}
