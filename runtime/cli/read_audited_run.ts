import { InvalidInputError } from "../../engine/errors.ts";
import type { SpawnLine } from "../../engine/execute/spawn_log.ts";
import { runTimes } from "../../engine/execute/step_windows.ts";
import { verifyChain } from "../../engine/journal/verify_chain.ts";
import type { AuditedProcess, AuditedRun } from "../../engine/permissions/audit.ts";
import { plannedId } from "../../engine/permissions/at_work.ts";
import { readAuditLog } from "../../engine/permissions/audit_log.ts";
import { digestOf } from "../../engine/permissions/digest.ts";
import { deriveForeign } from "../../engine/permissions/foreign_sets.ts";
import { type Permissions, permissions } from "../../engine/permissions/permissions.ts";
import { reachesRuns, withOwnFolders } from "../../engine/permissions/own_folders.ts";
import { readPermissions } from "../../engine/permissions/read_permissions.ts";
import { withRunFolderWord } from "../../engine/permissions/run_folder.ts";
import { union } from "../../engine/permissions/union.ts";
import { planDigest } from "../../engine/plan/digest.ts";
import type { Plan } from "../../engine/plan/plan.ts";
import { readPlanForm } from "../../engine/plan/plan_from_json.ts";
import { systemFolders } from "../../engine/permissions/system_paths.ts";
import type { RunFolder } from "../launch/find_run.ts";
import {
  type LaunchRecord,
  planName,
  readLaunchRecords,
  recordSuffix,
} from "../launch/launch_record.ts";
import { readBytes, readText } from "./read_text.ts";
import { wholeLines } from "./run_history.ts";

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
  const journal = await readBytes(`${folder}/journal.jsonl`, "/");
  const entries = wholeLines(journal);
  const programs = readSpawnLines(await readIfThere(`${folder}/spawned.jsonl`));
  const processes = await readProcesses(folder, plan, own, records);
  if (processes.length === 0) {
    throw new InvalidInputError(`run ${id} has no log of its permissions`, {
      hint: "a run that sluice run starts has one; a runner without a launcher writes none",
    });
  }

  const faults: string[] = [];
  const name = digestOf(withRunFolderWord(own, folder), deriveForeign(plan));
  const chain = verifyChain(journal);
  const first = entries[0];
  if (!chain.ok) faults.push(`journal.jsonl:${chain.line}: ${chain.reason}`);
  if (first?.type === "run.started") {
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
      times: runTimes(entries),
      processes,
      programs: programs.lines,
      folders: systemFolders,
    },
    faults,
  };
}

/** `<n>-runner.jsonl` and `<n>-<step>.jsonl`, in the order of their starts. */
async function readProcesses(
  folder: string,
  plan: Plan,
  own: Permissions,
  records: readonly LaunchRecord[],
): Promise<readonly AuditedProcess[]> {
  const names = await Array.fromAsync(Deno.readDir(`${folder}/audit`), ({ name }) => name)
    .catch((error) => {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    });
  const found = names.flatMap((name) => {
    const match = /^([1-9]\d*)-(.+)\.jsonl$/.exec(name);
    return match === null ? [] : [{ name, start: Number(match[1]), of: match[2]! }];
  });
  found.sort((a, b) => a.start - b.start || (a.of < b.of ? -1 : 1));
  return await Promise.all(found.map(async ({ name, start, of }): Promise<AuditedProcess> => {
    // A path may have been passed that is no text.
    const text = new TextDecoder().decode(await readBytes(`${folder}/audit/${name}`, "/"));
    const record = records.find(({ process }) => process === start);
    const log = readAuditLog(text);
    if (of === "runner") {
      const { cwd, tmp, permissions: set = own, denied = [] } = record ?? {};
      return { start, log, set, denied, place: { cwd, tmp } };
    }
    const step = plannedId(of, [...plan.steps, ...plan.finally]);
    const set = record?.foreign?.[step];
    // Such a process stands in a folder of its box; what it asks for is told by whole paths.
    const granted = set === undefined ? permissions({}) : union(set.run, set.undo);
    // Folders of the run that are its own, under the names of its items.
    const mine = reachesRuns(granted, folder)
      ? undefined
      : { scratch: `${folder}/scratch`, artifacts: `${folder}/artifacts` };
    return { start, step, log, set: withOwnFolders(granted, mine), place: {} };
  }));
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
