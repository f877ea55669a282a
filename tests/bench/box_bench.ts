import type { Bench } from "./bench.ts";
import { endsWell, makeOneStep, starterFlags } from "./one_step.ts";

/** What the box around a runner costs, once a run. */
export const bench: Bench = {
  summary: "a run of one step in bubblewrap beside the same in no box",
  rounds: 25,
  needs: ["bwrap"],
  probe: {
    what: "the right to make namespaces",
    command: ["/usr/bin/bwrap", "--dev-bind", "/", "/", "/usr/bin/true"],
  },
  flags: starterFlags,
  async open(places) {
    const one = await makeOneStep(places);
    return {
      subjects: [
        { name: "in no box", run: () => endsWell(one.whole("--box", "none")) },
        { name: "in bubblewrap", run: () => endsWell(one.whole("--box", "bubblewrap")) },
      ],
    };
  },
};
