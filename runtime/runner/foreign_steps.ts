import * as v from "valibot";
import { BugError, FailedError } from "../../engine/errors.ts";
import { type ForeignWork, stepOf } from "../../engine/foreign/foreign_definition.ts";
import type { Description } from "../../engine/foreign/description.ts";
import type { JsonObject } from "../../engine/json.ts";
import { ownFolders } from "../../engine/permissions/own_folders.ts";
import type { Plan, PlannedStep } from "../../engine/plan/plan.ts";
import type { JsonSchema } from "../../engine/schema/json_schema.ts";
import type { AnyStep, StepContext } from "../../engine/step.ts";
import { auditLog } from "../launch/audit_log.ts";
import type { ForeignPhase } from "../launch/runner_protocol.ts";
import { ForeignTalk } from "./foreign_talk.ts";
import type { ForeignLink } from "./launcher_link.ts";

/** Milliseconds in which a step lets go of what it holds. */
const releaseMs = 2000;

/** What steps of others need in order to run. */
export interface ForeignRunning {
  readonly plan: Plan;
  /** Folder of the run. */
  readonly folder: string;
  readonly link: ForeignLink;
  /** Which process of the run this is, from 1. */
  readonly process: number;
}

/**
 * The definitions of a plan's steps of others, by the digest of their code: to the engine they are
 * steps like any other, whose work is done by a process that the launcher starts.
 */
export function foreignSteps(running: ForeignRunning): readonly (readonly [string, AnyStep])[] {
  const { steps, finally: last, foreign = {} } = running.plan;
  const all = [...steps, ...last];
  return Object.entries(foreign).map(([digest, { file, description }]) => {
    const name = all.find((step) => step.foreign === digest)?.uses ?? file;
    return [digest, stepOf(name, description, workOf(name, description, running))];
  });
}

function workOf(name: string, description: Description, running: ForeignRunning): ForeignWork {
  const facts = stepOf(name, description).facts;
  /** Leaves no folder behind that nothing was put into. */
  const tidily = async <T>(ctx: StepContext, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } finally {
      for (const folder of [`/${ctx.id}`, ""]) {
        await Deno.remove(`${running.folder}/artifacts${folder}`).catch(() => {});
      }
    }
  };
  const talk = (phase: ForeignPhase, input: JsonObject, ctx: StepContext, facts?: JsonObject) =>
    begin({ name, description, running }, { phase, input, ctx, facts });
  return {
    check: (params, ctx) =>
      tidily(ctx, async () => {
        await ended(await talk("check", params, ctx));
      }),
    undo: (input, facts, ctx) =>
      tidily(ctx, async () => {
        await ended(await talk("undo", input, ctx, facts));
      }),
    run: (input, ctx) =>
      tidily(ctx, async () => {
        const process = await talk("run", input, ctx);
        const value = description.holds ? await held(process, name, ctx) : await ended(process);
        const parsed = v.safeParse(facts, value);
        if (parsed.success) return parsed.output;
        const faults = parsed.issues.map((issue) =>
          `${v.getDotPath(issue) ?? "facts"}: ${issue.message}`
        );
        throw new FailedError(`${name} returned wrong facts: ${faults.join("; ")}`, {
          hint: "its run() has to return what its facts schema says",
        });
      }),
  };
}

interface Asked {
  readonly phase: ForeignPhase;
  readonly input: JsonObject;
  readonly ctx: StepContext;
  readonly facts: JsonObject | undefined;
}

async function begin(
  { name, description, running: { plan, folder, link, process } }: {
    readonly name: string;
    readonly description: Description;
    readonly running: ForeignRunning;
  },
  { phase, input, ctx, facts }: Asked,
): Promise<ForeignTalk> {
  const planned = plannedOf(ctx.id, plan);
  const set = phase === "undo" ? planned.permissions.undo : planned.permissions.run;
  const folders = ownFolders(set, folder, ctx.id);
  if (folders !== undefined) {
    await ctx.scratch();
    await Deno.mkdir(folders.artifacts, { recursive: true, mode: 0o700 });
  }
  const number = link.nextProcess();
  // What Deno writes there it may write; the box wants it to be there.
  const log = { write: true, createNew: true, mode: 0o600 };
  (await Deno.open(auditLog(folder, process, planned.id, number), log)).close();
  ctx.signal.throwIfAborted();
  const { id, failure } = ctx.run;
  const job = {
    id: ctx.id,
    run: { id, ...(failure === undefined ? {} : { failed: failure.step }) },
    input,
    secrets: secretsIn(input, description.params),
    ...(folders === undefined ? {} : { folders }),
  };
  return new ForeignTalk({
    name,
    order: { process: number, step: planned.id, id: ctx.id, phase },
    job: phase === "undo"
      ? { ...job, phase, ...(facts === undefined ? {} : { facts }) }
      : { ...job, phase },
    write: set.write,
    folders,
    ctx,
  }, link);
}

/** The result of a process that ends with it. */
async function ended(talk: ForeignTalk): Promise<unknown> {
  try {
    return await talk.result();
  } finally {
    await talk.close();
  }
}

/** The result of a process that lives on until the run ends. */
async function held(talk: ForeignTalk, name: string, ctx: StepContext): Promise<unknown> {
  let value: unknown;
  try {
    value = await talk.result();
  } catch (error) {
    await talk.close();
    throw error;
  }
  ctx.scope.defer(async () => {
    const lost = talk.isOver;
    await talk.release(releaseMs);
    if (lost) {
      throw new FailedError(`the process of ${name} ended before the run: what it held is lost`);
    }
  });
  return value;
}

/** The planned step of a step or item that runs. */
function plannedOf(id: string, { steps, finally: last }: Plan): PlannedStep {
  const all = [...steps, ...last];
  const found = all.find((step) => step.id === id) ??
    all.find((step) => step.id === id.replace(/\.\d+$/, ""));
  if (found === undefined) throw new BugError(`the plan has no step ${id}`);
  return found;
}

/** The references to secrets among the parameters. */
function secretsIn(input: JsonObject, { properties = {} }: JsonSchema): readonly string[] {
  return Object.entries(properties).flatMap(([name, member]) => {
    const value = Object.hasOwn(input, name) ? input[name] : undefined;
    const isSecret = typeof member === "object" && member.sluice === "secret";
    return isSecret && typeof value === "string" ? [value] : [];
  });
}
