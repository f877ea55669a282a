import { type Ended, programEnvironment } from "./run_program.ts";

/** A program at work. */
export interface Program {
  readonly pid: number;
  kill(signal: Deno.Signal): void;
  readonly ended: Promise<Ended>;
}

/** Starts a program; its standard input is empty. */
export function startProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Program {
  const child = new Deno.Command(program, {
    args: [...args],
    env: { ...programEnvironment, ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const decoder = new TextDecoder();
  const ended = child.output().then(({ code, stdout, stderr }): Ended => ({
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  }));
  return {
    pid: child.pid,
    kill: (signal) => child.kill(signal),
    ended,
  };
}
