import type { Bench, Subject } from "./bench.ts";
import { endsWell, makeOneStep, starterFlags } from "./one_step.ts";

/** What the start of a run costs: all of it, and each of its three processes by itself. */
export const bench: Bench = {
  summary: "a run of one step, and its parts, beside one bare deno run",
  flags: starterFlags,
  async open(places) {
    const { project, tmp, deno } = places;
    const one = await makeOneStep(places);
    await Deno.writeTextFile(`${tmp}/empty.ts`, "");
    // Loads the launcher, which does nothing where it is not the program that was started.
    await Deno.writeTextFile(`${tmp}/launcher.ts`, `import "${project}/runtime/launch/main.ts";\n`);
    const flags = ["--quiet", "--no-prompt", "--no-check", "--cached-only", "--frozen"];
    const load = (name: string, file: string): Subject => ({
      name,
      run: () =>
        endsWell(deno, ["run", ...flags, `--config=${project}/deno.json`, `${tmp}/${file}`]),
    });
    const task = ["task", "--quiet", "--config", `${project}/deno.json`, "sluice"];
    return {
      subjects: [
        load("bare deno run", "empty.ts"),
        load("launcher alone", "launcher.ts"),
        one.planner("planner alone", "pipeline"),
        one.planner("planner alone, run --plan", "plan"),
        one.runner("runner alone"),
        one.toFirstStep("sluice run, to its first step"),
        one.whole("sluice run"),
        {
          name: "deno task sluice run",
          run: () => endsWell(deno, [...task, ...one.command, "--runs", `${tmp}/runs`]),
        },
      ],
    };
  },
};
