/**
 * Runs one step as a whole run, in a process that has exactly the permissions it was started with.
 * Reads a {@linkcode Job} on standard input and prints a {@linkcode Result}.
 *
 * @module
 */
import { exitCode, InterruptedError, RefusedError } from "../../engine/errors.ts";
import type { Event } from "../../engine/events/event.ts";
import { Masker } from "../../engine/events/masker.ts";
import { execute } from "../../engine/execute/execute.ts";
import type { Broker } from "../../engine/execute/host.ts";
import { systemClock } from "../../engine/execute/system_clock.ts";
import { openJournal } from "../../engine/journal/journal.ts";
import type { JsonObject } from "../../engine/json.ts";
import type { Plan } from "../../engine/plan/plan.ts";
import { registry } from "../../steps/registry.ts";
import { injectFault } from "./faults.ts";

export interface Job {
  readonly uses: string;
  readonly params: JsonObject;
  readonly late: JsonObject;
  /** What runs before it. */
  readonly before?: readonly {
    readonly uses: string;
    readonly params: JsonObject;
    readonly late: JsonObject;
  }[];
  readonly runFolder: string;
  readonly programs: Readonly<Record<string, string>>;
  /** Takes back what an earlier job did in the same run folder. */
  readonly undo?: true;
  /** Makes this effect fail, from 1. */
  readonly failAt?: number;
  /** Milliseconds after which the run is aborted. */
  readonly abortAfter?: number;
  /** Where the launcher's part is, for a step that has programs brokered. */
  readonly broker?: { readonly deno: string; readonly project: string };
}

export interface Result {
  readonly exit: number;
  readonly message: string;
  readonly facts?: JsonObject;
  readonly artifacts: readonly string[];
  /** How many effects the step had. */
  readonly effects: number;
  /** Milliseconds from the abort to the end. */
  readonly settled_ms: number;
}

/** The broker of the launcher, in this process: it starts the program through the same child. */
function brokerAt(places: { readonly deno: string; readonly project: string }): Broker {
  return async (_grant, { program, args, env = {}, cwd }, { signal }) => {
    const { startBrokered } = await import("../../runtime/launch/start_brokered.ts");
    const request = {
      program,
      args,
      env,
      max_output: 65536,
      ...(cwd === undefined ? {} : { cwd }),
    };
    const result = await startBrokered(
      request as Parameters<typeof startBrokered>[0],
      places as Parameters<typeof startBrokered>[1],
      signal,
    );
    if ("refused" in result) throw new RefusedError(result.refused);
    return result;
  };
}

if (import.meta.main) {
  const job = JSON.parse(await new Response(Deno.stdin.readable).text()) as Job;
  console.log(JSON.stringify(await run(job)));
}

async function run(job: Job): Promise<Result> {
  const none = { read: [], write: [], connect: [], listen: [], env: [], sys: [], run: [] };
  const plan: Plan = {
    schemaVersion: 1,
    name: "conformance",
    file: "conformance.yaml",
    params: {},
    secrets: [],
    scopes: [{ prefix: "", params: {} }],
    groups: [],
    steps: [...job.before ?? [], job].map(({ uses, params, late }, index, all) => {
      const step = registry.get(uses)!;
      const declared = step.permissions(params);
      const last = index === all.length - 1;
      return {
        id: last ? "it" : `before-${index}`,
        uses: step.name,
        summary: step.summary,
        effect: step.effect,
        holds: step.holds === true,
        span: { file: "conformance.yaml", line: 1, column: 1, endLine: 1, endColumn: 1 },
        scope: "",
        params,
        late: Object.fromEntries(
          Object.entries(late).map(([key, value]) => [key, { kind: "value", value }]),
        ),
        needs: index === 0 ? [] : [`before-${index - 1}`],
        when: [],
        on_failure: "stop",
        commit: false,
        permissions: { run: declared.run, undo: declared.undo ?? none },
        digest: "sha256:0",
      };
    }),
    finally: [],
    digest: "sha256:0",
  };
  await Deno.mkdir(job.runFolder, { recursive: true });
  const fault = injectFault(job.failAt ?? 0, job.runFolder);
  const journal = await openJournal(`${job.runFolder}/journal.jsonl`, { clock: systemClock });
  const events: Event[] = [];
  const controller = new AbortController();
  const begun = performance.now();
  const timer = job.abortAfter === undefined ? undefined : setTimeout(
    () => controller.abort(new InterruptedError("the suite asked for the end")),
    job.abortAfter,
  );
  const end = await execute(plan, registry, {
    run: { id: "conformance", folder: job.runFolder, pid: Deno.pid },
    mode: job.undo ? { kind: "undo" } : { kind: "run" },
    journal,
    emit: (event) => void events.push(event),
    clock: systemClock,
    random: () => 0.5,
    signal: controller.signal,
    programs: job.programs,
    secrets: { env: (name) => Deno.env.get(name), file: (path) => Deno.readTextFile(path) },
    masker: new Masker(),
    code: "conformance",
    permissions: "sha256:0",
    ...(job.broker === undefined ? {} : { broker: brokerAt(job.broker) }),
  });
  clearTimeout(timer);
  await journal.close();
  const done = events.find((event) => event.type === "step.done" && event.step === "it");
  return {
    exit: end.exit,
    message: end.failure?.error.message ?? (end.exit === exitCode.done ? "" : end.outcome),
    ...(done?.type === "step.done" ? { facts: done.facts } : {}),
    artifacts: events.flatMap((event) => event.type === "artifact" ? [event.path] : []),
    effects: fault.effects,
    settled_ms: performance.now() - begun - (job.abortAfter ?? 0),
  };
}
