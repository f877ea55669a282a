import { startSluice } from "../cli/start_sluice.ts";
import type { Bench } from "./bench.ts";
import { endsWell, makeOneStep, starterFlags } from "./one_step.ts";
import { startSubjects } from "./start_subjects.ts";

/** How long the start of a run takes: all of it, and each of its processes by itself. */
export const bench: Bench = {
  summary: "a run of one step, and its parts, beside one bare deno run",
  flags: starterFlags,
  async open(places) {
    const { project, tmp, deno } = places;
    const one = await makeOneStep(places);
    const task = ["task", "--quiet", "--config", `${project}/deno.json`, "sluice"];
    return {
      subjects: [
        ...startSubjects(one, endsWell),
        {
          name: "sluice run, to its first step",
          async run() {
            const begun = performance.now();
            const running = startSluice(one.args, { cwd: tmp });
            await running.said(":A0-1:START");
            const time = performance.now() - begun;
            const { code, stderr } = await running.ended;
            if (code !== 0) throw new Error(`it ended with ${code}: ${stderr}`);
            return time;
          },
        },
        { name: "deno task sluice run", run: () => endsWell([deno, ...task, ...one.args]) },
      ],
    };
  },
};
