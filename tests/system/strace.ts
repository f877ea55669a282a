/**
 * Runs a program under strace, which needs nothing of the program: its system calls are watched, held
 * or made fatal.
 *
 * @module
 */
import { programEnvironment } from "./run_program.ts";

/** A system call that has returned, or whose process ended in it. */
export interface Call {
  readonly pid: number;
  readonly name: string;
  /** All between the parentheses; descriptors stand with their paths: `24</srv/a>`. */
  readonly args: string;
  /** What it returned, with the error's name: `0`, `-1 ENOENT (No such file or directory)`, `?`. */
  readonly result: string;
  /** Lines of the trace on which it began and returned: what returned on a line before another began is earlier. */
  readonly begun: number;
  readonly ended: number;
}

export interface TraceOptions {
  /** Names of the calls, or strace's classes of them: `%network`. */
  readonly calls: readonly string[];
  /** Only calls that name this path (of two: the first), or a descriptor of it. */
  readonly path?: string;
  /** What strace does to these calls, such as `signal=KILL` or `delay_exit=20ms`. */
  readonly inject?: string;
  /**
   * Whether a shell, which becomes the program, has it write standard error elsewhere: there it would
   * tear lines of the trace that are longer than a pipe takes at once.
   */
  readonly apart?: boolean;
  /** Told of each call as it returns, before a delay of its exit. */
  onCall?(call: Call, kill: () => void): void;
}

export interface Traced {
  /** 128 + n when signal n ended it. */
  readonly code: number;
  readonly calls: readonly Call[];
  /** Standard error of the program. */
  readonly stderr: string;
}

/** Runs a program under strace to its end, with all the processes that it starts. */
export async function trace(
  command: readonly string[],
  { calls, path, inject, apart = false, onCall }: TraceOptions,
): Promise<Traced> {
  const aside = await Deno.makeTempFile();
  const process = new Deno.Command("/usr/bin/strace", {
    args: [
      // -D: the program is our own child, so that we may kill it; strace is its child's child.
      ...["-D", "-f", "-qq", "-y", "-s", "4096", "-o", "/dev/stderr"],
      // Much faster; but with a path, strace 6.1 then does nothing to most of the calls that it shows.
      ...(path === undefined ? ["--seccomp-bpf"] : []),
      ...["-e", `trace=${calls.join(",")}`, "-e", "signal=none"],
      ...(inject === undefined ? [] : ["-e", `inject=${calls.join(",")}:${inject}`]),
      ...(path === undefined ? [] : ["-P", path]),
      "--",
      ...(apart ? ["/bin/sh", "-c", 'exec 2>"$0"; exec "$@"', aside] : []),
      ...command,
    ],
    env: programEnvironment,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const read = traceReader();
  const found: Call[] = [];
  const said: string[] = [];
  const kill = () => {
    try {
      process.kill("SIGKILL");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // It has ended.
    }
  };
  for await (const line of lines(process.stderr)) {
    const reading = read(line);
    if (reading === "text") said.push(line);
    else if (reading !== undefined) {
      found.push(reading);
      onCall?.(reading, kill);
    }
  }
  const { code } = await process.status;
  const stderr = await Deno.readTextFile(aside);
  await Deno.remove(aside);
  return { code, calls: found, stderr: [...said, stderr].join("\n") };
}

/** Makes calls of lines; puts together what strace tells in two. */
export function traceReader(): (line: string) => Call | "text" | undefined {
  const unfinished = new Map<number, { args: string; begun: number }>();
  let number = 0;
  return (line) => {
    number++;
    const traced = /^(\d+) +(\w+\(|<\.\.\. |\+\+\+ |--- )/.exec(line);
    if (traced === null) return "text";
    const pid = Number(traced[1]);
    const rest = line.slice(traced[0].length - traced[2]!.length);
    const whole = /^(\w+)\((.*)\) += (.*)$/.exec(rest);
    if (whole !== null) {
      const [, name = "", args = "", result = ""] = whole;
      return { pid, name, args, result, begun: number, ended: number };
    }
    const begun = /^(\w+)\((.*?) ?<unfinished \.\.\.>$/.exec(rest);
    if (begun !== null) {
      unfinished.set(pid, { args: begun[2]!, begun: number });
      return undefined;
    }
    const resumed = /^<\.\.\. (\w+) resumed>(.*)\) += (.*)$/.exec(rest);
    if (resumed !== null) {
      const [, name = "", args = "", result = ""] = resumed;
      const first = unfinished.get(pid) ?? { args: "", begun: number };
      unfinished.delete(pid);
      return { pid, name, args: first.args + args, result, begun: first.begun, ended: number };
    }
    return undefined;
  };
}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const whole = (rest + text).split("\n");
    rest = whole.pop()!;
    yield* whole;
  }
  if (rest !== "") yield rest;
}
