import type { Event } from "../../engine/events/event.ts";
import { denoFlags } from "../../engine/permissions/deno_flags.ts";
import { derive } from "../../engine/permissions/derive.ts";
import { type Permissions, permissions } from "../../engine/permissions/permissions.ts";
import { union } from "../../engine/permissions/union.ts";
import type { Plan } from "../../engine/plan/plan.ts";
import { sluice, type StartOptions, startRunner, startSluice } from "../cli/start_sluice.ts";
import { linkProject } from "./linked_project.ts";
import type { Operation } from "./operations.ts";

/** A step of `tests/shed/registry.ts`. */
export interface TriedStep {
  readonly id: string;
  readonly uses: "try.look" | "try.make" | "try.hold";
  readonly commit?: true;
  readonly with?: {
    readonly may?: Partial<Permissions>;
    readonly undo_may?: Partial<Permissions>;
    readonly tries?: readonly Operation[];
    readonly undo_tries?: readonly Operation[];
    readonly fails?: true;
    readonly opens?: string;
    readonly reads_open?: string;
  };
}

export interface TriedPipeline {
  readonly every?: string;
  readonly steps: readonly TriedStep[];
  readonly finally?: readonly TriedStep[];
}

/** How a runner came to be: started by the launcher, or by itself with fixed flags. */
export type Way = "launched" | "standalone";
export const ways: readonly Way[] = ["launched", "standalone"];

/** A run at work. */
export interface Trial {
  readonly process: Deno.ChildProcess;
  said(text: string): Promise<string>;
  /** Settles after its end. */
  readonly ended: Promise<Ended>;
}

export interface Ended {
  readonly code: number;
  /** Id of the run. */
  readonly run: string;
  readonly stdout: string;
  /** What its steps noted: `A tried read works`. */
  readonly notes: readonly string[];
  /** What it told to have given up: `A {"read":["/a"]}`. */
  readonly shed: readonly string[];
}

/** A place for runs, with files to be tried, each of which holds its own name. */
export interface Bed {
  /** The path of a file of the place. */
  file(name: string): string;
  start(pipeline: TriedPipeline, way: Way, more?: StandaloneMore): Promise<Trial>;
  /** Runs to the end. */
  run(pipeline: TriedPipeline, way: Way, more?: StandaloneMore): Promise<Ended>;
  /** `sluice undo` of a run that the launcher started. */
  undo(run: string): Promise<Ended>;
}

/** What a standalone runner is given beside the set of its plan. */
export interface StandaloneMore {
  /** In place of the flags of the set. */
  flags?(exact: readonly string[]): readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export async function makeBed(names: readonly string[]): Promise<Bed> {
  const project = await linkProject();
  const cwd = await Deno.realPath(await Deno.makeTempDir());
  const file = (name: string) => `${cwd}/${name}`;
  for (const name of names) await Deno.writeTextFile(file(name), name);
  // A box would hide what Deno itself refuses.
  const options: StartOptions = {
    project,
    cwd,
    env: { SHED_TEST: "set", SHED_OTHER: "set" },
    unboxed: true,
  };
  let runs = 0;

  const startStandalone = async (text: string, more: StandaloneMore) => {
    const made = await sluice(["plan", text, "--format", "json"], options);
    if (made.code !== 0) throw new Error(made.stderr);
    const plan = JSON.parse(made.stdout) as Plan;
    const planFile = file(`plan${runs}.json`);
    await Deno.writeTextFile(planFile, made.stdout);
    const id = `r${runs}`;
    const set = union(
      derive(plan, { run: `${cwd}/runs/${id}` }),
      permissions({ read: [planFile] }),
    );
    const exact = denoFlags(set, { programs: {} });
    return startRunner(
      more.flags?.(exact) ?? exact,
      ["--plan", planFile, "--runs", `${cwd}/runs`, "--run", id, "--events", "json"],
      { ...options, env: { ...options.env, ...more.env } },
    );
  };

  const bed: Bed = {
    file,
    async start(pipeline, way, more = {}) {
      const text = file(`pipeline${++runs}.yaml`);
      await Deno.writeTextFile(text, JSON.stringify({ sluice: "v1", name: "shed", ...pipeline }));
      const { process, said, ended } = way === "standalone"
        ? await startStandalone(text, more)
        : startSluice(["run", text, "--runs", "runs", "--events", "json"], options);
      return { process, said, ended: ended.then(read) };
    },
    async run(pipeline, way, more) {
      return await (await bed.start(pipeline, way, more)).ended;
    },
    async undo(run) {
      return read(await sluice(["undo", run, "--runs", "runs", "--events", "json"], options));
    },
  };
  return bed;
}

function read(
  { code, stdout, stderr }: { code: number; stdout: string; stderr: string },
): Ended {
  const events = stderr.split("\n").filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Event);
  if (!events.some(({ type }) => type === "run.finished")) throw new Error(stderr + stdout);
  return {
    code,
    run: events[0]!.run,
    stdout,
    notes: events.flatMap((event) => event.type === "note" ? [`${event.step} ${event.text}`] : []),
    shed: events.flatMap((event) =>
      event.type === "shed" ? [`${event.step ?? ""} ${JSON.stringify(event.grants)}`.trim()] : []
    ),
  };
}
