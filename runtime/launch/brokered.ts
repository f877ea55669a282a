/**
 * Starts one program: the entry of a process whose only permission is to run that file. The job is
 * one line of JSON on standard input; the end of standard input kills the program. The result is one
 * line of JSON on standard output.
 *
 * @module
 */
import type { BrokeredResult } from "./protocol.ts";
import { readLines } from "./read_lines.ts";

export interface BrokeredJob {
  readonly program: string;
  readonly args: readonly string[];
  /** The program's whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Most bytes kept of each output stream; the rest is dropped. */
  readonly max_output: number;
}

/** Milliseconds between SIGTERM and SIGKILL, and for which a stream may outlive its program. */
const patience = 1000;

if (import.meta.main) {
  const lines = readLines(Deno.stdin.readable);
  const { value } = await lines.next();
  const job: BrokeredJob = JSON.parse(value ?? "null");
  const ended = new AbortController();
  void lines.next().then(() => ended.abort());
  const result = await runJob(job, ended.signal);
  await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(result)}\n`));
  Deno.exit(0);
}

async function runJob(job: BrokeredJob, signal: AbortSignal): Promise<BrokeredResult> {
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(job.program, {
      args: [...job.args],
      clearEnv: true,
      env: { ...job.env },
      ...(job.cwd === undefined ? {} : { cwd: job.cwd }),
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
  const kill = () => {
    send(child, "SIGTERM");
    setTimeout(() => send(child, "SIGKILL"), patience);
  };
  if (signal.aborted) kill();
  else signal.addEventListener("abort", kill, { once: true });
  const outputs = [keep(child.stdout, job.max_output), keep(child.stderr, job.max_output)] as const;
  const { code } = await child.status;
  // Something that it left behind may hold its streams open for ever.
  await Promise.race([
    Promise.all(outputs.map(({ done }) => done)),
    new Promise((resolve) => setTimeout(resolve, patience)),
  ]);
  return { code, stdout: outputs[0].text(), stderr: outputs[1].text() };
}

function keep(stream: ReadableStream<Uint8Array>, max: number) {
  const pieces: Uint8Array[] = [];
  let left = max;
  const read = async () => {
    for await (const piece of stream) {
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

function send(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch {
    // It has ended by itself.
  }
}
