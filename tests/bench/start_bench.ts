import type { Box } from "../../runtime/launch/box.ts";
import type { LaunchPlaces } from "../../runtime/launch/places.ts";
import type { LaunchRequest } from "../../runtime/launch/protocol.ts";
import { startPlanner } from "../../runtime/launch/start_planner.ts";
import { runnerCommand, startRunner } from "../../runtime/launch/start_runner.ts";
import { sluice, startSluice } from "../cli/start_sluice.ts";
import { launcherVariables } from "../groups.ts";
import type { Bench, Subject } from "./bench.ts";

/** One step that does next to nothing, and needs no program. */
const pipeline = `sluice: v1
name: one
steps:
  - id: A0-1
    uses: release.lock
    with: { root: "\${{ params.root }}" }
params:
  root: { type: path }
`;

/** A runner by itself is started in none: it is measured beside those that are. */
const box: Box = { kind: "none", why: "not looked for" };

/** What the start of a run costs: all of it, and each of the three processes by itself. */
export const bench: Bench = {
  summary: "a run of one step, and its parts, beside one bare `deno run`",
  flags: ({ project, tmp, deno }) => [
    `--allow-read=${project},${tmp}`,
    `--allow-write=${tmp}`,
    `--allow-run=${deno}`,
    `--allow-env=${launcherVariables},SLUICE_TEST_BOX`,
  ],
  async open({ project, tmp, deno }) {
    const command = ["run", `${tmp}/one.yaml`, "--param", `root=${tmp}/root`];
    const places: LaunchPlaces = { deno, project, cwd: tmp, runs: `${tmp}/runs`, tmp };
    await Deno.mkdir(`${tmp}/root`);
    await Deno.writeTextFile(`${tmp}/one.yaml`, pipeline);
    await Deno.writeTextFile(`${tmp}/empty.ts`, "");
    // Loads the launcher, which does nothing where it is not the program that was started.
    await Deno.writeTextFile(`${tmp}/launcher.ts`, `import "${project}/runtime/launch/main.ts";\n`);
    const flags = ["--quiet", "--no-prompt", "--no-check", "--cached-only", "--frozen"];
    const load = (name: string, file: string): Subject => ({
      name,
      run: () =>
        endsWell(deno, ["run", ...flags, `--config=${project}/deno.json`, `${tmp}/${file}`]),
    });
    return {
      subjects: [
        load("bare deno run", "empty.ts"),
        load("launcher alone", "launcher.ts"),
        plannerAlone(command, places),
        runnerAlone(command, places),
        {
          name: "sluice run, to its first step",
          async run() {
            const begun = performance.now();
            const running = startSluice(command, { cwd: tmp });
            await running.said(":A0-1:START");
            const time = performance.now() - begun;
            succeeded(await running.ended);
            return time;
          },
        },
        {
          name: "sluice run",
          run: async () => succeeded(await sluice(command, { cwd: tmp })),
        },
        {
          name: "deno task sluice run",
          run: () =>
            endsWell(deno, [
              ...["task", "--quiet", "--config", `${project}/deno.json`, "sluice"],
              ...command,
              ...["--runs", places.runs],
            ]),
        },
      ],
    };
  },
};

function plannerAlone(command: readonly string[], places: LaunchPlaces): Subject {
  return {
    name: "planner alone",
    run: async () => void await requested(command, places),
  };
}

function runnerAlone(command: readonly string[], places: LaunchPlaces): Subject {
  let request: LaunchRequest;
  return {
    name: "runner alone",
    // Each run has a folder, and so a set, of its own.
    prepare: async () => void (request = await requested(command, places)),
    async run() {
      await Deno.mkdir(`${request.run.folder}/audit`, { recursive: true });
      const command = runnerCommand(request, {}, box, places);
      const start = { request, programs: {}, box, process: 1 };
      const end = await startRunner(command, start, places, []).end;
      if (end.kind !== "finished" || end.exit !== 0) throw new Error(JSON.stringify(end));
    },
  };
}

async function requested(
  command: readonly string[],
  places: LaunchPlaces,
): Promise<LaunchRequest> {
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
      programs: () => ({}),
      judgement: () => Promise.resolve(undefined),
    },
  );
  if (planned.kind !== "launch") throw new Error(`the planner ended with ${planned.exit}`);
  return planned.request;
}

async function endsWell(program: string, args: readonly string[]): Promise<void> {
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
