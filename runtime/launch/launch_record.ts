import { InvalidInputError } from "../../engine/errors.ts";
import { canonicalJson, type Json } from "../../engine/json.ts";
import type { RunBox } from "../../engine/permissions/box/run_box.ts";
import type { ForeignSets } from "../../engine/permissions/foreign_sets.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import { readPermissions } from "../../engine/permissions/read_permissions.ts";
import { sha256 } from "../../engine/sha256.ts";
import type { LaunchPlaces } from "./places.ts";
import type { LaunchRequest } from "./planner_protocol.ts";
import { deniedToRunner } from "./trusted_paths.ts";

/**
 * What the launcher started a process of a run with: a line of `RUNS/ID.launches.jsonl`. It stands
 * beside the run's folder, where the run itself may write nothing.
 */
export interface LaunchRecord {
  readonly v: 1;
  /** Which start of the run it is, from 1. */
  readonly process: number;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly mode: "run" | "resume" | "undo";
  /** `sha256:…` over the canonical JSON of the whole plan. */
  readonly plan: string;
  /** What the runner's flags were made from. */
  readonly permissions: Permissions;
  /** What below its grants the runner may not write. */
  readonly denied: readonly string[];
  /** The sets of the processes of steps of others. */
  readonly foreign?: ForeignSets;
  /** Where it stood, and its folder for temporary files: absolute. */
  readonly cwd: string;
  readonly tmp: string;
  /** Version of Deno. */
  readonly deno: string;
  readonly box: RunBox["kind"];
  /** The digest that `--accept` named, where it did. */
  readonly accept?: string;
  /** Under `--require-signature`: whose signature was verified. */
  readonly signed?: { readonly name: string; readonly key_id: string };
}

/** What is appended to a run's id for the name of its record. */
export const recordSuffix = ".launches.jsonl";

/** A record without what the keeper adds: the number. */
export type NewLaunchRecord = Omit<LaunchRecord, "process">;

/** States what is about to be started. */
export function launchRecord(
  request: Pick<LaunchRequest, "mode" | "plan" | "permissions" | "foreign" | "run" | "accept">,
  places: LaunchPlaces,
  { box, signed, now }: {
    readonly box: RunBox["kind"];
    readonly signed?: LaunchRecord["signed"] | undefined;
    readonly now: Date;
  },
): NewLaunchRecord {
  const { mode, plan, permissions, foreign, run, accept } = request;
  return {
    v: 1,
    time: now.toISOString(),
    mode: mode.kind,
    plan: planName(plan),
    permissions,
    denied: deniedToRunner(permissions, run.folder, places),
    ...(foreign === undefined ? {} : { foreign: foreign.steps }),
    cwd: places.cwd,
    tmp: places.tmp,
    deno: Deno.version.deno,
    box,
    ...(accept === undefined ? {} : { accept }),
    ...(signed === undefined ? {} : { signed: { name: signed.name, key_id: signed.key_id } }),
  };
}

/** Names a plan, whatever the order of its keys. */
export function planName(plan: unknown): string {
  return `sha256:${sha256(canonicalJson(plan as Json))}`;
}

/**
 * Reads a record. A last line without its end was never finished, and its process never started.
 *
 * @throws InvalidInputError when a line is not as it has to be
 */
export function readLaunchRecords(text: string): readonly LaunchRecord[] {
  return text.split("\n").slice(0, -1).map((line, index) => {
    const where = `line ${index + 1} of the record of launches`;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      throw new InvalidInputError(`${where} is not JSON`);
    }
    if (typeof value !== "object" || value === null) {
      throw new InvalidInputError(`${where} is none`);
    }
    const record = value as Readonly<Record<string, unknown>>;
    const { v, process, plan, cwd, tmp, permissions, denied, foreign = {}, accept = "" } = record;
    const texts = [plan, cwd, tmp, accept].every((each) => typeof each === "string");
    const sound = texts && Array.isArray(denied) && typeof foreign === "object";
    if (v !== 1 || typeof process !== "number" || !sound) {
      throw new InvalidInputError(`${where} is of another version`);
    }
    readPermissions(permissions, where);
    return value as LaunchRecord;
  });
}
