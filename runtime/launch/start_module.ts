import { denoFlags } from "../../engine/permissions/deno_flags.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import { bareConfig } from "./bare_config.ts";
import type { Box } from "./box.ts";
import type { BrokerRequest } from "./broker.ts";
import { childEnvironment } from "./child_environment.ts";
import { denyFlags } from "./deny_flags.ts";
import { dieWithLauncher } from "./die_with_launcher.ts";
import { enterBox } from "./enter_box.ts";
import type { LaunchPlaces } from "./places.ts";
import { type JobOutput, runJob } from "./run_job.ts";
import type { BrokeredResult } from "./runner_protocol.ts";
import { keepsNothing } from "./start_foreign.ts";

/** A module, and what it was judged to be granted. */
export interface ModuleJob {
  readonly request: BrokerRequest;
  readonly set: Permissions;
  /** Folders that it must not see, whatever the set says. */
  readonly hidden: readonly string[];
}

/**
 * Runs a module of a step with exactly a set, and in a box of that set where bubblewrap makes boxes: no
 * configuration, no package, no module from the network, and nothing of Deno's left to write. It is
 * killed when the signal aborts, and when this process ends in any way.
 *
 * @throws RefusedError where no flag can say an entry of the set, or no box can hold it
 */
export async function startModule(
  { request, set, hidden }: ModuleJob,
  box: Box,
  places: LaunchPlaces,
  signal: AbortSignal,
  output?: JobOutput,
): Promise<BrokeredResult> {
  const { program, args, env, cwd = "/", max_output, show } = request;
  const plain = {
    program: places.deno,
    args: [
      ...["run", "--quiet", "--no-prompt", "--no-check", bareConfig(places), "--no-lock"],
      ...["--no-remote", "--no-npm", "--cached-only", "--deny-import"],
      `--location=http://${crypto.randomUUID()}.invalid/`,
      ...denoFlags(set, { programs: {} }),
      ...denyFlags(set, hidden, places),
      program,
      ...args,
    ],
    cwd,
    env: { ...childEnvironment(), NO_COLOR: "1", ...env, ...keepsNothing },
  };
  // What it imports lies beside it.
  const folder = program.slice(0, program.lastIndexOf("/"));
  const command = box.kind === "bubblewrap"
    ? enterBox(box, plain, { set, programs: {}, code: [folder], hidden }, places).command
    : dieWithLauncher(plain);
  return await runJob({ ...command, max_output, show }, signal, output);
}
