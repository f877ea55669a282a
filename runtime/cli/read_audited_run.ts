import { InvalidInputError } from "../../engine/errors.ts";
import type { SpawnLine } from "../../engine/execute/spawn_log.ts";
import { runTimes } from "../../engine/execute/step_windows.ts";
import type { AuditedProcess, AuditedRun } from "../../engine/permissions/audit.ts";
import { plannedId } from "../../engine/permissions/at_work.ts";
import { readAuditLog } from "../../engine/permissions/audit_log.ts";
import { digestOf } from "../../engine/permissions/digest.ts";
import { deriveForeign } from "../../engine/permissions/foreign_sets.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import { ownFolders, withOwnFolders } from "../../engine/permissions/own_folders.ts";
import { readPermissions } from "../../engine/permissions/read_permissions.ts";
import { withRunFolderWord } from "../../engine/permissions/run_folder.ts";
import { union } from "../../engine/permissions/union.ts";
import { planDigest } from "../../engine/plan/digest.ts";
import type { Plan, PlannedStep } from "../../engine/plan/plan.ts";
import { readPlanForm } from "../../engine/plan/plan_from_json.ts";
import { systemFolders } from "../../engine/permissions/system_paths.ts";
import { readAuditLogName, runnerLogs, stepLogs } from "../launch/audit_log.ts";
import type { RunFolder } from "../launch/find_run.ts";
import {
  type LaunchRecord,
  planName,
  readLaunchRecords,
  recordSuffix,
} from "../launch/launch_record.ts";
import { readJournal } from "./read_journal.ts";
import { readBytes, readText } from "./read_text.ts";

/** A run as its folder shows it. */
export interface ReadRun {
  readonly plan: Plan;
  /** Name of the set that it was launched with, with the folder of the run as a word. */
  readonly set: string;
  readonly audited: AuditedRun;
  /** Files of the folder that do not agree with each other, or lack lines. */
  readonly faults: readonly string[];
}

/**
 * Reads all that there is for an audit: the logs of Deno and what the launcher recorded, where the run
 * may write nothing; and plan, journal and record of programs, which are the run's own. What does not
 * fit together is told.
 *
 * @throws InvalidInputError when there is no log, or no plan of this version
 */
export async function readAuditedRun({ id, folder }: RunFolder): Promise<ReadRun> {
  const plan = readPlanForm(await readText(`${folder}/plan.json`, "/"));
  const own = readPermissions(
    parse(await readText(`${folder}/permissions.json`, "/"), id),
    "permissions.json",
  );
  const records = readLaunchRecords(await readIfThere(`${folder}${recordSuffix}`));
  const journal = await readJournal(folder);
  const { entries } = journal;
  const programs = readSpawnLines(await readIfThere(`${folder}/spawned.jsonl`));
  const times = runTimes(entries);
  const processes = await readProcesses(folder, {
    steps: [...plan.steps, ...plan.finally],
    items: times.windows.map(({ step }) => step),
    own,
    records,
  });
  if (processes.length === 0) {
    throw new InvalidInputError(`run ${id} has no log of its permissions`, {
      hint:
        "a run that sluice run starts has one; a runner without a launcher, as in the kit of a " +
        "fixed surface, writes none",
    });
  }

  const faults = [...journal.faults];
  const name = digestOf(withRunFolderWord(own, folder), deriveForeign(plan));
  const first = entries[0];
  if (first?.type === "run.started" || first?.type === "journal.continued") {
    if (first.plan !== plan.digest) faults.push("the journal began with another plan.json");
    if (first.permissions !== name) faults.push("the journal began with another permissions.json");
  }
  if (planDigest(plan) !== plan.digest) faults.push("plan.json is not the one its digest names");
  for (const record of records) {
    const what = `the one that start ${record.process} was launched with`;
    if (record.plan !== planName(plan)) faults.push(`plan.json is not ${what}`);
    if (digestOf(record.permissions) !== digestOf(own)) {
      faults.push(`permissions.json is not ${what}`);
    }
  }
  const recorded = new Set(records.map(({ process }) => process));
  const unrecorded = new Set(
    processes.map(({ start }) => start).filter((start) => !recorded.has(start)),
  );
  for (const start of unrecorded) {
    faults.push(`nobody but the run itself recorded what start ${start} was launched with`);
  }
  for (const line of programs.damaged) faults.push(`spawned.jsonl:${line}: it cannot be read`);
  return {
    plan,
    set: name,
    audited: {
      plan,
      times,
      processes,
      programs: programs.lines,
      folders: systemFolders,
    },
    faults,
  };
}

/** The logs of runners and of steps of others, in the order of their starts. */
async function readProcesses(
  folder: string,
  { steps, items, own, records }: {
    readonly steps: readonly PlannedStep[];
    /** Ids of the journal. */
    readonly items: readonly string[];
    /** What the run itself says that it was launched with. */
    readonly own: Permissions;
    readonly records: readonly LaunchRecord[];
  },
): Promise<readonly AuditedProcess[]> {
  const found = (await Promise.all([runnerLogs, stepLogs].map((name) => logsOf(folder, name))))
    .flat();
  found.sort((a, b) => a.start - b.start || (a.path < b.path ? -1 : 1));
  return await Promise.all(found.map(async ({ path, start, step }): Promise<AuditedProcess> => {
    // A path may have been passed that is no text.
    const text = new TextDecoder().decode(await readBytes(path, "/"));
    const record = records.find(({ process }) => process === start);
    const log = readAuditLog(text);
    if (step === undefined) {
      const { cwd, tmp, permissions: set = own, denied = [] } = record ?? {};
      return { start, log, set, denied, place: { cwd, tmp } };
    }
    const sets = record?.foreign?.[step];
    const ids = new Set([step, ...items.filter((id) => plannedId(id, steps) === step)]);
    const granted = sets === undefined
      ? []
      : [sets.run, sets.undo].flatMap((set) =>
        [...ids].map((id) => withOwnFolders(set, ownFolders(set, folder, id)))
      );
    // It stands in the root of its box, where nothing is granted.
    return { start, step, log, set: union(...granted), place: { cwd: "/" } };
  }));
}

interface FoundLog {
  readonly path: string;
  readonly start: number;
  readonly step?: string;
}

async function logsOf(folder: string, name: string): Promise<readonly FoundLog[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(`${folder}/${name}`));
    return entries.flatMap((entry) => {
      const of = readAuditLogName(entry.name);
      // A log lies where it belongs: what the runner may write is none of the runner's.
      if (of === undefined || (of.step === undefined) !== (name === runnerLogs)) return [];
      return [{ path: `${folder}/${name}/${entry.name}`, ...of }];
    });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

async function readIfThere(path: string): Promise<string> {
  const exists = await Deno.stat(path).then(() => true, (error) => {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  });
  return exists ? await readText(path, "/") : "";
}

function readSpawnLines(
  text: string,
): { lines: readonly SpawnLine[]; damaged: readonly number[] } {
  const texts = text.split("\n");
  texts.pop(); // Empty, or what a process did not come to write to its end.
  const lines: SpawnLine[] = [];
  const damaged: number[] = [];
  for (const [index, text] of texts.entries()) {
    const line = readSpawnLine(text);
    if (line === undefined) damaged.push(index + 1);
    else lines.push(line);
  }
  return { lines, damaged };
}

function readSpawnLine(text: string): SpawnLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const line = value as Readonly<Record<string, unknown>>;
  const { type, n, step, time, program, args, env, brokered } = line;
  if (typeof step !== "string" || typeof time !== "string" || Number.isNaN(Date.parse(time))) {
    return undefined;
  }
  if (type === "ended") return typeof n === "number" ? value as SpawnLine : undefined;
  const isText = (each: unknown) => typeof each === "string";
  const named = typeof program === "string" && Array.isArray(args) && args.every(isText) &&
    Array.isArray(env) && env.every(isText) && typeof brokered === "boolean";
  const sound = type === "started"
    ? typeof n === "number"
    : type === "refused" && typeof line["reason"] === "string";
  return named && sound ? value as SpawnLine : undefined;
}

function parse(text: string, id: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidInputError(`permissions.json of run ${id} is not JSON`, { cause });
  }
}
