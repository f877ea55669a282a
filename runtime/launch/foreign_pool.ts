import { denoFlags } from "../../engine/permissions/deno_flags.ts";
import type { ForeignSets } from "../../engine/permissions/foreign_sets.ts";
import { ownFolders, withOwnFolders } from "../../engine/permissions/own_folders.ts";
import { pathCovers } from "../../engine/permissions/path.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import { auditLog } from "./audit_log.ts";
import type { Box } from "./box.ts";
import { denyFlags } from "./deny_flags.ts";
import type { BoxInside } from "./enter_box.ts";
import { enterForeignBox } from "./enter_foreign_box.ts";
import type { LaunchPlaces } from "./places.ts";
import type { ForeignRequest } from "./planner_protocol.ts";
import type { ForeignNews, ForeignOrder } from "./runner_protocol.ts";
import { realPath } from "./real_paths.ts";
import { runsWithin } from "./runs_within.ts";
import { watchPaths } from "./watch_paths.ts";
import { type ForeignProcess, startForeign } from "./start_foreign.ts";

/** Starts the processes of steps of others for one runner, as far as they were admitted. */
export interface ForeignPool {
  /** Does what the runner wants; a refusal is news like any other. */
  take(order: ForeignOrder): void;
  /**
   * Whether a path is there that this step of others may write. Of any other it says no.
   *
   * @param id of the step, or of an item of it
   */
  exists(id: string, path: string): boolean;
  /** Kills all. */
  close(): void;
}

/** What the pool has to know. */
export interface ForeignRun {
  readonly foreign: ForeignRequest;
  /** Folder of the run. */
  readonly folder: string;
  readonly places: LaunchPlaces;
  readonly box: Box;
  /** Which process of the run its runner is, from 1. */
  readonly process: number;
  /** Takes what becomes of them; whoever prints waits until it was taken. */
  tell(news: ForeignNews): Promise<void>;
}

/**
 * The launcher's side of steps of others. The runner names a step and a phase; the code that runs,
 * and what it may touch, is what was admitted under that name. What passes between the runner and
 * the process is handed on unread.
 */
export function makeForeignPool(run: ForeignRun): ForeignPool {
  const { foreign, folder, places, tell } = run;
  const processes = new Map<number, ForeignProcess>();
  const refuseLinked = watchPaths(foreign.steps, run.box.kind === "bubblewrap");

  const start = (order: Extract<ForeignOrder, { readonly type: "foreign-start" }>) => {
    const { process: number, step, id, phase, nonce } = order;
    const own = Object.hasOwn(foreign.steps, step) ? foreign.steps[step]! : undefined;
    if (own === undefined || !isItemOf(id, step)) throw new Error(`no step ${step} was admitted`);
    if (processes.has(number)) throw new Error(`there is a process ${number} already`);
    const set = phase === "undo" ? own.undo : own.run;
    refuseLinked(id, set);
    const inside = insideOf(set, id, run);
    const log = auditLog(folder, run.process, step, number);
    const line = (stream: "stdout" | "stderr", text: string) =>
      tell({ type: "foreign-line", process: number, stream, text });
    const process = startForeign(foreign.code[own.code]!, {
      nonce,
      flags: [
        ...denoFlags(inside.set, { programs: {} }),
        ...denyFlags(inside.set, inside.hidden, places),
      ],
      env: set.env,
      enter(plain) {
        const command = { ...plain, env: { ...plain.env, DENO_AUDIT_PERMISSIONS: log } };
        return enterForeignBox(run.box, command, { ...inside, files: [log] }, places).command;
      },
      line,
    }, places);
    processes.set(number, process);
    void process.ended.then(async (end) => {
      const dropped = process.dropped();
      if (dropped > 0) await line("stderr", `(${dropped} more bytes were dropped)`);
      await tell({ type: "foreign-end", process: number, end });
      processes.delete(number);
    });
  };

  return {
    take(order) {
      const { process: number } = order;
      switch (order.type) {
        case "foreign-start":
          try {
            start(order);
          } catch (error) {
            const refused = error instanceof Error ? error.message : String(error);
            void tell({ type: "foreign-end", process: number, end: { refused } });
          }
          break;
        case "foreign-send":
          void processes.get(number)?.send(order.line);
          break;
        case "foreign-kill":
          processes.get(number)?.kill();
      }
    },
    exists: (id, path) => mayWrite(setsOf(foreign.steps, id), path) && isThere(path),
    close() {
      for (const process of processes.values()) process.kill();
    },
  };
}

/**
 * Where the boxes of steps of others will not be exactly as wide as their sets, as far as that can be
 * told before the run: one clause each.
 *
 * @throws RefusedError where no box can hold a set
 */
export function foreignNotes(
  foreign: ForeignRequest,
  run: Pick<ForeignRun, "folder" | "places" | "box">,
): readonly string[] {
  const command = { program: run.places.deno, args: [], env: {}, cwd: "/" };
  const notes = Object.entries(foreign.steps).flatMap(([id, sets]) =>
    [sets.run, sets.undo].flatMap((set) =>
      enterForeignBox(run.box, command, { ...insideOf(set, id, run), set }, run.places).notes
        .map((note) => `${id}: ${note}`)
    )
  );
  return [...new Set(notes)];
}

/** What a process of a step finds: its set, folders of its own, and nothing of what others did. */
function insideOf(
  set: Permissions,
  id: string,
  { folder, places }: Pick<ForeignRun, "folder" | "places">,
): BoxInside & { readonly hidden: readonly string[] } {
  return {
    set: withOwnFolders(set, ownFolders(set, folder, id)),
    programs: {},
    hidden: runsWithin(set, folder, places),
  };
}

/** `<id>` itself, or `<id>.<n>`. */
function isItemOf(id: string, step: string): boolean {
  return id === step || id.startsWith(`${step}.`) && /^\d+$/.test(id.slice(step.length + 1));
}

/** Both sets of the step that has this id, or an item of this id; none where there is none. */
function setsOf(steps: ForeignSets, id: string): readonly Permissions[] {
  const names = Object.keys(steps);
  const step = names.find((name) => name === id) ?? names.find((name) => isItemOf(id, name));
  return step === undefined ? [] : [steps[step]!.run, steps[step]!.undo];
}

function mayWrite(sets: readonly Permissions[], path: string): boolean {
  const real = realPath(path);
  return sets.some(({ write }) =>
    write.some((folder) => pathCovers(folder, path) && pathCovers(realPath(folder), real))
  );
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
