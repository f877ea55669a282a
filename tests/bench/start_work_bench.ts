import type { Bench } from "./bench.ts";
import { makeOneStep, starterFlags } from "./one_step.ts";
import { processorTime } from "./processor_time.ts";
import { startSubjects } from "./start_subjects.ts";

/** What the start of a run costs a machine, whatever else runs on it. */
export const bench: Bench = {
  summary: "processor time of a run of one step, and of its parts",
  needs: ["bash"],
  flags: starterFlags,
  open: async (places) => ({ subjects: startSubjects(await makeOneStep(places), processorTime) }),
};
