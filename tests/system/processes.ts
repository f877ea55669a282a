import type { Call } from "./strace.ts";

/** A process of a trace: from the start of a program, which may have made way for another, to its end. */
export interface TracedProcess {
  /** What it was started with. */
  readonly argv: readonly string[];
  /** The calls of all its threads. */
  readonly calls: readonly Call[];
}

/** The calls that {@linkcode processesOf} needs in a trace. */
export const processCalls = ["execve", "clone", "clone3", "fork", "vfork"];

/** Sorts the calls of a trace by process. */
export function processesOf(calls: readonly Call[]): readonly TracedProcess[] {
  const parents = new Map<number, number>();
  for (const { pid, name, args, result } of calls) {
    const isThread = name.startsWith("clone") && args.includes("CLONE_THREAD");
    if (isThread && /^\d+$/.test(result)) parents.set(Number(result), pid);
  }
  const processOf = (thread: number): number => {
    const parent = parents.get(thread);
    return parent === undefined ? thread : processOf(parent);
  };
  const own = new Map<number, Call[]>();
  for (const call of calls) {
    const id = processOf(call.pid);
    own.set(id, [...own.get(id) ?? [], call]);
  }
  return [...own.values()].map((all) => {
    const calls = all.slice(Math.max(0, all.findLastIndex(isStart)));
    return { argv: argvOf(calls.find(isStart)), calls };
  });
}

function isStart({ name, result }: Call): boolean {
  return name === "execve" && result === "0";
}

function argvOf(call: Call | undefined): readonly string[] {
  const list = /^"[^"]*", \[(.*)\], /.exec(call?.args ?? "")?.[1] ?? "";
  return [...list.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text!);
}
