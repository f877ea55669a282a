import { FailedError, RefusedError, UsageError } from "../../engine/errors.ts";
import { childEnvironment } from "./child_environment.ts";
import { denoArguments } from "./deno_command.ts";
import type { KeeperReply, KeeperRequest } from "./keeper.ts";
import type { NewLaunchRecord } from "./launch_record.ts";
import type { LaunchPlaces } from "./places.ts";
import type { LaunchRequest } from "./planner_protocol.ts";
import { readLines } from "./read_lines.ts";
import { killQuietly } from "./start_planner.ts";

/** The process that makes the folder of a run: the only one that may write beside it. */
export interface Keeper extends AsyncDisposable {
  /**
   * Has the folder made, or found, for the run's next process, counts that process from 1 and keeps
   * on record what it starts with.
   *
   * @throws UsageError when a new run's folder is there, or that of an old one is not
   * @throws FailedError when it cannot be made
   */
  open(request: Pick<LaunchRequest, "mode" | "run">, record: NewLaunchRecord): Promise<number>;
}

/** Starts it; it waits. It is asked at most once, and ends by itself when it is not asked. */
export function startKeeper(places: LaunchPlaces): Keeper {
  const { runs } = places;
  if (runs.includes(",")) {
    return {
      open: () => Promise.reject(new RefusedError(`no flag grants ${runs}: it has a comma`)),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
  const child = new Deno.Command(places.deno, {
    args: denoArguments(
      places,
      [`--allow-read=${runs}`, `--allow-write=${runs}`],
      "runtime/launch/keeper",
      [runs],
    ),
    cwd: places.project,
    clearEnv: true,
    env: childEnvironment(),
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
    // A Ctrl-C on the terminal is the launcher's alone.
    detached: true,
  }).spawn();
  const input = child.stdin.getWriter();
  const lines = readLines(child.stdout);
  let asked = false;
  return {
    async open({ mode, run }, record) {
      asked = true;
      const is = mode.kind === "run" ? "new" : "there";
      const request: KeeperRequest = { open: run.id, is, record };
      await input.write(new TextEncoder().encode(`${JSON.stringify(request)}\n`)).catch(() => {});
      const { value } = await lines.next();
      const reply: KeeperReply = value === undefined
        ? { failed: "the process that makes it ended" }
        : JSON.parse(value);
      if ("process" in reply) return reply.process;
      if ("failed" in reply) {
        // Deno's own advice would be to give up the sandbox.
        const why = reply.failed.replace(/, run again with .*/s, "");
        throw new FailedError(`the folder of the run, ${run.folder}, cannot be made: ${why}`, {
          hint: "look at the space and the rights there, or keep the runs elsewhere: --runs DIR",
        });
      }
      throw new UsageError(
        `the folder of the run, ${run.folder}, is ${reply.refused}`,
        reply.refused === "not there"
          ? {}
          : { hint: "give the new run another id, or go on with that one: sluice resume RUN" },
      );
    },
    async [Symbol.asyncDispose]() {
      await input.close().catch(() => {});
      // One that was not asked has done nothing, and may still be starting: nobody waits for that.
      if (!asked) killQuietly(child, "SIGKILL");
      await child.status;
    },
  };
}
