import type { Event } from "../../engine/events/event.ts";
import { Masker } from "../../engine/events/masker.ts";
import { execute } from "../../engine/execute/execute.ts";
import type { Broker, ExecuteHost } from "../../engine/execute/host.ts";
import type { RunEnd } from "../../engine/execute/outcome.ts";
import { systemClock } from "../../engine/execute/system_clock.ts";
import { isThere } from "../../engine/is_there.ts";
import { openJournal } from "../../engine/journal/journal.ts";
import type { RunBox } from "../../engine/permissions/box/run_box.ts";
import type { DenoGrant } from "../../engine/permissions/deno_grant.ts";
import { denoGrants } from "../../engine/permissions/deno_grants.ts";
import { digestOf } from "../../engine/permissions/digest.ts";
import { deriveForeign } from "../../engine/permissions/foreign_sets.ts";
import type { Permissions, ProgramGrant } from "../../engine/permissions/permissions.ts";
import { withRunFolderWord } from "../../engine/permissions/run_folder.ts";
import type { Plan } from "../../engine/plan/plan.ts";
import { readVariable } from "../../engine/read_variable.ts";
import type { Registry } from "../../engine/registry.ts";
import { registry } from "../../steps/registry.ts";
import type { RunMode } from "../launch/run_mode.ts";
import type { RunRequest } from "../launch/runner_protocol.ts";
import { codeDigest } from "./code_digest.ts";
import type { Interruption } from "./interruption.ts";
import type { ForeignLink } from "./launcher_link.ts";
import { rerouteConsole } from "./reroute_console.ts";
import { makeRunFolder } from "./run_folder.ts";
import { readSecretFile } from "./secret_file.ts";
import { makeShedder } from "./shedder.ts";
import { writeWhole } from "./write_whole.ts";

/** What to run, and how its process is connected. */
export interface RunOrder {
  readonly mode: RunMode;
  readonly plan: Plan;
  readonly permissions: Permissions;
  readonly run: ExecuteHost["run"];
  /** Absolute paths of the programs with bare names. */
  readonly programs: Readonly<Record<string, string>>;
  emit(event: Event): void;
  readonly broker?: Broker;
  /** Starts processes for steps of others; without it a plan may have none. */
  readonly foreign?: ForeignLink;
  /** Has brokered programs refused that nothing needs any more. */
  shedBrokered?(grants: readonly ProgramGrant[]): void;
  /** What the beginning of this process needed beside the set of the plan. */
  readonly spent?: readonly DenoGrant[];
  readonly interruption: Interruption;
  /** What the launcher says of this process. */
  readonly launched?: Pick<RunRequest, "box" | "process">;
  /** What holds this process, where there is no launcher. */
  readonly box?: RunBox;
}

/**
 * Runs a plan in this process: makes or opens the folder of the run, executes, and gives up on the
 * way what nothing later needs.
 */
export async function runPlan(order: RunOrder): Promise<RunEnd> {
  const { mode, plan, permissions, run, programs, emit, broker, foreign, interruption, launched } =
    order;
  const masker = new Masker();
  rerouteConsole((text) => writeWhole(Deno.stderr, masker.mask(text)));
  if (mode.kind === "run") await makeRunFolder(run.folder, plan, permissions);
  const journal = await openJournal(`${run.folder}/journal.jsonl`, {
    clock: systemClock,
    make: false,
    // Two lines for each undo, and what the `finally` steps tell.
    reserve: Math.max(65_536, 4096 * (plan.steps.length + plan.finally.length)),
  });
  const shedder = makeShedder(denoGrants(permissions, { programs }));
  try {
    shedder.begin(order.spent ?? []);
    return await execute(plan, await registryFor(order), {
      run,
      mode,
      journal,
      emit,
      clock: systemClock,
      random: Math.random,
      signal: interruption.first,
      secondSignal: interruption.second,
      programs,
      secrets: { env: (name) => readVariable(name), file: readSecretFile },
      masker,
      code: codeDigest(),
      permissions: digestOf(withRunFolderWord(permissions, run.folder), deriveForeign(plan)),
      ...(broker === undefined ? {} : { broker }),
      ...(foreign === undefined ? {} : { exists: (path, id) => isThereFor(path, id, foreign) }),
      shed(shed) {
        if (shed.brokered.length > 0) order.shedBrokered?.(shed.brokered);
        return shedder.shed(shed);
      },
      ...(order.box === undefined ? {} : { box: order.box }),
      ...launched,
    });
  } finally {
    await journal.close();
  }
}

/** The steps of this program, and those of others that the plan has. */
async function registryFor(order: RunOrder): Promise<Registry> {
  const { plan, run: { folder }, foreign, launched } = order;
  if (plan.foreign === undefined || foreign === undefined || launched === undefined) {
    return registry;
  }
  const { foreignSteps } = await import("./foreign_steps.ts");
  return new Map([
    ...registry,
    ...foreignSteps({ plan, folder, link: foreign, process: launched.process }),
  ]);
}

/** Looks itself, as far as it may; what a step of others made lies elsewhere. */
async function isThereFor(path: string, id: string, foreign: ForeignLink): Promise<boolean> {
  try {
    return await isThere(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    return await foreign.exists(path, id);
  }
}
