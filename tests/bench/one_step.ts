/**
 * A run of one step that does next to nothing: the commands of its processes, together and alone.
 *
 * @module
 */
import { denoArguments } from "../../runtime/launch/deno_command.ts";
import type { LaunchPlaces } from "../../runtime/launch/places.ts";
import { plannerFlags } from "../../runtime/launch/planner_flags.ts";
import { type PlannerContext, plannerContextFlag } from "../../runtime/launch/planner_protocol.ts";
import { launcherFlags } from "../cli/start_sluice.ts";
import type { Places } from "../group.ts";
import { launcherVariables } from "../group_flags.ts";
import { resolvePipeline } from "../system/resolve_pipeline.ts";
import { runnerCommand } from "../system/runner_command.ts";

const text = `sluice: v1
name: one
steps:
  - id: A0-1
    uses: release.lock
    with: { root: "\${{ params.root }}" }
params:
  root: { type: path }
`;

/** A program and its arguments. */
export type Command = readonly [program: string, ...args: string[]];

export interface OneStep {
  /** The arguments of `sluice` that run it. */
  readonly args: readonly string[];
  /** A bare `deno run`: the peer of all the others. */
  readonly bare: Command;
  /** The launcher, which does nothing where it is not the program that was started. */
  readonly launcher: Command;
  /** A planner that reads the pipeline, or the plan that was made of it before. */
  planner(source: "pipeline" | "plan"): Command;
  /** A runner as a unit starts it, with the set of a new run as its flags. */
  runner(): Promise<Command>;
  /** `sluice run`: the launcher, which starts the others. */
  whole(...options: readonly string[]): Command;
}

/** The permissions of a bench that runs these commands. */
export function starterFlags({ project, tmp, deno }: Places): readonly string[] {
  return [
    `--allow-read=${project},${tmp}`,
    `--allow-write=${tmp}`,
    `--allow-run=${deno},/bin/bash`,
    `--allow-env=${launcherVariables},SLUICE_TEST_BOX`,
    "--ignore-env=LOG_TOKENS,LOG_STREAM",
  ];
}

/** Writes the pipeline below `tmp`. */
export async function makeOneStep({ project, tmp, deno }: Places): Promise<OneStep> {
  const file = `${tmp}/one.yaml`;
  const planned = `${tmp}/one.json`;
  const root = `${tmp}/root`;
  const runs = `${tmp}/runs`;
  const plans = `${tmp}/plans`;
  for (const folder of [root, runs, plans]) await Deno.mkdir(folder);
  const plan = await resolvePipeline({ file, text }, { root });
  await Deno.writeTextFile(file, text);
  await Deno.writeTextFile(planned, JSON.stringify(plan));
  await Deno.writeTextFile(`${tmp}/empty.ts`, "");
  await Deno.writeTextFile(`${tmp}/launcher.ts`, `import "${project}/runtime/launch/main.ts";\n`);

  const args = ["run", file, "--param", `root=${root}`, "--runs", runs];
  const places: LaunchPlaces = { deno, project, cwd: tmp, runs, tmp };
  const load = (file: string): Command => [
    deno,
    ...["run", "--quiet", "--no-prompt", "--no-check", "--cached-only", "--frozen"],
    `--config=${project}/deno.json`,
    `${tmp}/${file}`,
  ];
  let count = 0;
  return {
    args,
    bare: load("empty.ts"),
    launcher: load("launcher.ts"),
    planner(source) {
      const asked = source === "plan" ? ["run", "--plan", planned] : args;
      const context: PlannerContext = { ...places, color: false, columns: 80 };
      return [
        deno,
        ...denoArguments(places, plannerFlags(asked, places), "runtime/planner", [
          plannerContextFlag + JSON.stringify(context),
          ...asked,
        ]),
      ];
    },
    runner: () => runnerCommand(plan, { runs, id: `bench-${++count}`, plans }, "plan"),
    whole: (...options) => [
      deno,
      ...["run", "--quiet", ...launcherFlags, `${project}/runtime/launch/main.ts`],
      ...args,
      ...options,
    ],
  };
}

/** Runs a command that has to succeed. */
export async function endsWell([program, ...args]: Command): Promise<void> {
  const { code, stderr } = await new Deno.Command(program, {
    args,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (code !== 0) throw new Error(`it ended with ${code}: ${new TextDecoder().decode(stderr)}`);
}
