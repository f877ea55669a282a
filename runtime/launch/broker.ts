import { RefusedError, SluiceError } from "../../engine/errors.ts";
import { covers } from "../../engine/permissions/covers.ts";
import type { ForeignSet, ForeignSets } from "../../engine/permissions/foreign_sets.ts";
import { grantKey } from "../../engine/permissions/grants.ts";
import {
  none,
  type Permissions,
  permissions,
  type ProgramGrant,
} from "../../engine/permissions/permissions.ts";
import { readPermissions } from "../../engine/permissions/read_permissions.ts";
import { matchesProgram, matchesShape } from "../../engine/permissions/shape.ts";
import { pathCovers } from "../../engine/permissions/path.ts";
import { systemFolders } from "../../engine/permissions/system_paths.ts";
import { showModule } from "../../engine/permissions/show_box.ts";
import type { Box } from "./box.ts";
import { linkMatched } from "./link_matched.ts";
import type { LaunchPlaces } from "./places.ts";
import type { BrokeredResult, RunnerMessage } from "./runner_protocol.ts";
import type { JobOutput } from "./run_job.ts";
import { realPath } from "./real_paths.ts";
import { runsWithin } from "./runs_within.ts";
import { startBoxed } from "./start_boxed.ts";
import { startBrokered } from "./start_brokered.ts";
import { startModule } from "./start_module.ts";
import { watchPaths } from "./watch_paths.ts";

/** A runner's request to start a program for it. */
export type BrokerRequest = Extract<RunnerMessage, { readonly type: "broker" }>;

/** Starts programs for one runner, as far as its set allows. */
export interface Broker {
  /**
   * Settles after the program's end. Never rejects: a refusal is a result.
   *
   * @param output takes what the program prints, where the request says `show`
   */
  start(request: BrokerRequest, output?: JobOutput): Promise<BrokeredResult>;
  /** Kills what was started under an id. */
  cancel(id: number): void;
  /** Starts these no more: nothing later in the run needs them. */
  shed(grants: readonly ProgramGrant[]): void;
  /** Kills all. */
  close(): void;
}

/** What was admitted, for whom. */
export interface BrokeredSets {
  /** The runner's. */
  readonly set: Permissions;
  /** Those of steps of others, by the ids of planned steps: each may start its own programs only. */
  readonly foreign: ForeignSets;
  /** Absolute paths of the programs with bare names. */
  readonly programs: Readonly<Record<string, string>>;
  /** Folder of the run. */
  readonly folder: string;
}

/**
 * The launcher's side of brokered programs. The runner names what it wants; whether that was declared
 * is judged here, against the set that was admitted, never against what the runner says of it.
 */
export function makeBroker(
  { set, foreign, programs, folder }: BrokeredSets,
  box: Box,
  places: LaunchPlaces,
): Broker {
  const running = new Map<number, AbortController>();
  const allowed = new Map(
    set.run.filter(({ brokered }) => brokered === true).map((grant) => [grantKey(grant), grant]),
  );
  const refuseLinked = watchPaths(foreign, box.kind === "bubblewrap");
  return {
    async start(request, output) {
      const own = ownSet(foreign, request.step);
      const grants = own === undefined ? [...allowed.values()] : [...own.run.run, ...own.undo.run];
      const path = Object.hasOwn(programs, request.program)
        ? programs[request.program]!
        : request.program;
      const judged = judge(grants, request, path);
      if (typeof judged === "string") return { refused: judged };
      // Its answer and its cancelling are told apart by it.
      if (running.has(request.id)) return { refused: `${request.id} is the id of one that runs` };
      const job = { ...request, program: path };
      const hidden = own === undefined ? [] : runsWithin(boxSet(judged), folder, places);
      const controller = new AbortController();
      running.set(request.id, controller);
      try {
        if (own !== undefined) refuseLinked(request.step, boxSet(judged));
        if (judged.deno !== undefined) {
          const module = { request: job, ...moduleSet(judged.deno, job, folder, places) };
          return await startModule(module, box, places, controller.signal, output);
        }
        return judged.box === undefined
          ? await startBrokered(job, places, controller.signal, output)
          : await startBoxed(
            job,
            { ...judged.box, hidden },
            box,
            places,
            controller.signal,
            output,
          );
      } catch (error) {
        const hint = error instanceof SluiceError && error.hint ? ` (${error.hint})` : "";
        return { refused: `${error instanceof Error ? error.message : String(error)}${hint}` };
      } finally {
        running.delete(request.id);
      }
    },
    cancel: (id) => running.get(id)?.abort(),
    shed(grants) {
      for (const grant of grants) allowed.delete(grantKey(grant));
    },
    close() {
      for (const controller of running.values()) controller.abort();
    },
  };
}

/**
 * What a module is granted, and what it must not see.
 *
 * @throws RefusedError when it is more than was admitted
 */
function moduleSet(
  most: Permissions,
  request: BrokerRequest,
  folder: string,
  places: LaunchPlaces,
) {
  const set = readPermissions(request.deno ?? none, "deno");
  const judged = covers(most, set);
  if (!judged.covered) {
    const more = showModule(judged.missing);
    throw new RefusedError(`${request.step} may not grant ${request.program} that much: ${more}`);
  }
  return { set, hidden: runsWithin(set, folder, places) };
}

/** The set of the step of others that a request is for; `undefined` for a step of the registry. */
function ownSet(foreign: ForeignSets, id: string): ForeignSet | undefined {
  const step = [id, id.replace(/\.\d+$/, "")].find((name) => Object.hasOwn(foreign, name));
  return step === undefined ? undefined : foreign[step];
}

/** What a box holds, as a set. */
function boxSet({ box }: ProgramGrant): Permissions {
  return permissions({ read: box?.read ?? [], write: box?.write ?? [] });
}

/**
 * Whether a path ends at a program of the same name, but for a version, in the box of its program or
 * among the programs of the system: as `bin/python` of an environment does.
 */
function leadsInside(path: string, { box }: ProgramGrant): boolean {
  if (box === undefined) return false;
  const real = realPath(path);
  if (plainName(real) !== plainName(path)) return false;
  return [...systemFolders, ...box.read, ...box.write].some((folder) =>
    pathCovers(realPath(folder), real)
  );
}

/** `python` of `/usr/bin/python3.11`. */
function plainName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/-?\d+(\.\d+)*$/, "");
}

/**
 * The grant that allows a request, which is the one that the runner names: two may differ in nothing
 * but the box. Else why it is refused.
 *
 * @param path where the program is
 */
function judge(
  grants: readonly ProgramGrant[],
  request: BrokerRequest,
  path: string,
): ProgramGrant | string {
  const names = Object.keys(request.env);
  const named = grantKey(request.grant);
  const allowed = grants.find((grant) =>
    grantKey(grant) === named && matchesProgram(grant, request.program) &&
    matchesShape(grant, request.args) && names.every((name) => grant.env.includes(name))
  );
  if (allowed === undefined) {
    const wanted = JSON.stringify([request.program, ...request.args]);
    return `no brokered grant of ${request.step} allows ${wanted}`;
  }
  if (path.includes(",")) return `${path} has a comma in its path`;
  try {
    // A link would start something that nobody declared. Those of the system's folders are its own.
    const spelled = path === request.program && !leadsInside(path, allowed);
    const { isFile } = spelled ? Deno.lstatSync(path) : Deno.statSync(path);
    if (!isFile) return `${path} is not a file`;
    const link = linkMatched(allowed.program, path);
    if (link !== undefined) return `${link}, on the way to ${path}, is a link`;
  } catch {
    return `${path} cannot be found`;
  }
  return allowed;
}
