/**
 * A run of one step that does next to nothing, started in every way there is.
 *
 * @module
 */
import { findInstalled } from "../../runtime/launch/find_programs.ts";
import type { LaunchPlaces } from "../../runtime/launch/places.ts";
import { startPlanner } from "../../runtime/launch/start_planner.ts";
import { sluice, startSluice } from "../cli/start_sluice.ts";
import { launcherVariables, type Places } from "../groups.ts";
import { resolvePipeline } from "../system/resolve_pipeline.ts";
import { runnerCommand } from "../system/runner_command.ts";
import type { Subject } from "./bench.ts";

const text = `sluice: v1
name: one
steps:
  - id: A0-1
    uses: release.lock
    with: { root: "\${{ params.root }}" }
params:
  root: { type: path }
`;

/** The permissions of who starts it. */
export function starterFlags({ project, tmp, deno }: Places): readonly string[] {
  return [
    `--allow-read=${project},${tmp}`,
    `--allow-write=${tmp}`,
    `--allow-run=${deno}`,
    `--allow-env=${launcherVariables},SLUICE_TEST_BOX`,
    "--ignore-env=LOG_TOKENS,LOG_STREAM",
  ];
}

/** The ways of starting it, as subjects. */
export interface OneStep {
  /** The arguments of `sluice`. */
  readonly command: readonly string[];
  /** `sluice run` to its end. */
  whole(name: string, ...options: readonly string[]): Subject;
  /** `sluice run` until the token of its first step is there. */
  toFirstStep(name: string): Subject;
  /** What a planner takes to read the pipeline, or the plan that was made of it before. */
  planner(name: string, source: "pipeline" | "plan"): Subject;
  /** A runner as a unit starts it, with the set of the plan as its flags. */
  runner(name: string): Subject;
}

/** Writes the pipeline below `tmp`. */
export async function makeOneStep({ project, tmp, deno }: Places): Promise<OneStep> {
  const file = `${tmp}/one.yaml`;
  const root = `${tmp}/root`;
  const runs = `${tmp}/runs`;
  const plans = `${tmp}/plans`;
  const places: LaunchPlaces = { deno, project, cwd: tmp, runs, tmp };
  const command = ["run", file, "--param", `root=${root}`];
  for (const folder of [root, runs, plans]) await Deno.mkdir(folder);
  const planned = `${tmp}/one.json`;
  await Deno.writeTextFile(file, text);
  await Deno.writeTextFile(
    planned,
    JSON.stringify(await resolvePipeline({ file, text }, { root })),
  );
  return {
    command,
    whole: (name, ...options) => ({
      name,
      run: async () => succeeded(await sluice([...command, ...options], { cwd: tmp })),
    }),
    toFirstStep: (name) => ({
      name,
      async run() {
        const begun = performance.now();
        const running = startSluice(command, { cwd: tmp });
        await running.said(":A0-1:START");
        const time = performance.now() - begun;
        succeeded(await running.ended);
        return time;
      },
    }),
    planner: (name, source) => ({
      name,
      run: () => plan(source === "plan" ? ["run", "--plan", planned] : command, places),
    }),
    runner(name) {
      let [program, args]: readonly [string, readonly string[]] = [deno, []];
      let count = 0;
      return {
        name,
        // Each run has a folder, and so flags, of its own.
        async prepare() {
          const planned = await resolvePipeline({ file, text }, { root });
          const id = `bench-${++count}`;
          [program, ...args] = await runnerCommand(planned, { runs, id, plans }, "plan");
        },
        run: () => endsWell(program, args),
      };
    },
  };
}

async function plan(command: readonly string[], places: LaunchPlaces): Promise<void> {
  const planned = await startPlanner(
    command,
    places,
    {
      stdin: new Blob().stream(),
      stdout: () => {},
      stderr: () => {},
      color: false,
      columns: 80,
    },
    new AbortController().signal,
    {
      programs: findInstalled,
      judgement: () => Promise.resolve(undefined),
      describerBox: () => Promise.resolve({ kind: "none", why: "a bench" }),
      box: () => Promise.resolve({ kind: "none" }),
    },
  );
  if (planned.kind !== "launch") throw new Error(`the planner gave ${JSON.stringify(planned)}`);
}

/** Runs a program that has to succeed. */
export async function endsWell(program: string, args: readonly string[]): Promise<void> {
  const { code, stderr } = await new Deno.Command(program, {
    args: [...args],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  succeeded({ code, stderr: new TextDecoder().decode(stderr) });
}

function succeeded({ code, stderr }: { readonly code: number; readonly stderr: string }): void {
  if (code !== 0) throw new Error(`it ended with ${code}: ${stderr}`);
}
