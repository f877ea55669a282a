import type { Appliance } from "./appliance.ts";
import type { TraceOptions } from "./strace.ts";

/**
 * The call that a text such as `fsync ROOT/releases` names, for `trace`: its name and the file,
 * in which `ROOT`, `RUNS`, `RUN` and `AUDIT` stand for those of an installation and a run.
 */
export function callOf(
  text: string,
  { root, runs, audit }: Pick<Appliance, "root" | "runs" | "audit">,
  run: string,
): Required<Pick<TraceOptions, "calls" | "path">> {
  const [call = "", path = ""] = text.split(" ");
  const words: Readonly<Record<string, string>> = {
    ROOT: root,
    RUNS: runs,
    RUN: run,
    AUDIT: audit,
  };
  return { calls: [call], path: path.replaceAll(/\b[A-Z]+\b/g, (word) => words[word] ?? word) };
}
