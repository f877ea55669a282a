import type { Event } from "../../engine/events/event.ts";
import { Masker } from "../../engine/events/masker.ts";
import { execute } from "../../engine/execute/execute.ts";
import type { Broker, ExecuteHost } from "../../engine/execute/host.ts";
import type { RunEnd } from "../../engine/execute/outcome.ts";
import { systemClock } from "../../engine/execute/system_clock.ts";
import { openJournal } from "../../engine/journal/journal.ts";
import type { DenoGrant } from "../../engine/permissions/deno_grant.ts";
import { denoGrants } from "../../engine/permissions/deno_grants.ts";
import { digestOf } from "../../engine/permissions/digest.ts";
import { deriveForeign } from "../../engine/permissions/foreign_sets.ts";
import type { Permissions, ProgramGrant } from "../../engine/permissions/permissions.ts";
import { withRunFolderWord } from "../../engine/permissions/run_folder.ts";
import type { Plan } from "../../engine/plan/plan.ts";
import { registry } from "../../steps/registry.ts";
import type { RunMode, RunRequest } from "../launch/protocol.ts";
import { codeDigest } from "./code_digest.ts";
import type { Interruption } from "./interruption.ts";
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
  /** Has brokered programs refused that nothing needs any more. */
  shedBrokered?(grants: readonly ProgramGrant[]): void;
  /** What the beginning of this process needed beside the set of the plan. */
  readonly spent?: readonly DenoGrant[];
  readonly interruption: Interruption;
  /** What the launcher says of this process. */
  readonly launched?: Pick<RunRequest, "box" | "process">;
}

/**
 * Runs a plan in this process: makes or opens the folder of the run, executes, and gives up on the
 * way what nothing later needs.
 */
export async function runPlan(order: RunOrder): Promise<RunEnd> {
  const { mode, plan, permissions, run, programs, emit, broker, interruption, launched } = order;
  const masker = new Masker();
  rerouteConsole((text) => writeWhole(Deno.stderr, masker.mask(text)));
  if (mode.kind === "run") await makeRunFolder(run.folder, plan, permissions);
  const journal = await openJournal(`${run.folder}/journal.jsonl`, {
    clock: systemClock,
    make: false,
  });
  const shedder = makeShedder(denoGrants(permissions, { programs }));
  try {
    shedder.begin(order.spent ?? []);
    return await execute(plan, registry, {
      run,
      mode,
      journal,
      emit,
      clock: systemClock,
      random: Math.random,
      signal: interruption.first,
      secondSignal: interruption.second,
      programs,
      secrets: { env: (name) => Deno.env.get(name), file: readSecretFile },
      masker,
      code: codeDigest(),
      permissions: digestOf(withRunFolderWord(permissions, run.folder), deriveForeign(plan)),
      ...(broker === undefined ? {} : { broker }),
      shed(shed) {
        if (shed.brokered.length > 0) order.shedBrokered?.(shed.brokered);
        return shedder.shed(shed);
      },
      ...launched,
    });
  } finally {
    await journal.close();
  }
}
