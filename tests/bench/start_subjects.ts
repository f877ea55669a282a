import type { Subject } from "./bench.ts";
import type { Command, OneStep } from "./one_step.ts";

/** The processes of a run, alone and together; the first is the bare one. */
export function startSubjects(
  one: OneStep,
  measure: (command: Command) => Promise<number | void>,
): readonly [Subject, ...Subject[]] {
  let runner = one.bare;
  return [
    { name: "bare deno run", run: () => measure(one.bare) },
    { name: "launcher alone", run: () => measure(one.launcher) },
    { name: "planner alone", run: () => measure(one.planner("pipeline")) },
    { name: "planner alone, run --plan", run: () => measure(one.planner("plan")) },
    {
      name: "runner alone",
      // Each run has a folder, and so flags, of its own.
      prepare: async () => void (runner = await one.runner()),
      run: () => measure(runner),
    },
    { name: "sluice run", run: () => measure(one.whole()) },
  ];
}
