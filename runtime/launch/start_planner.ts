import { type ExitCode, exitCode, FailedError } from "../../engine/errors.ts";
import type { RunBox } from "../../engine/permissions/box/run_box.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import { childEnvironment } from "./child_environment.ts";
import type { DeployRequest } from "./compile/deploy_request.ts";
import type { Box } from "./box.ts";
import { denoArguments, programFile } from "./deno_command.ts";
import type { FoundProgram } from "./find_programs.ts";
import type { Heard } from "./hear_planner.ts";
import type { Judgement } from "./judge.ts";
import type { LaunchPlaces } from "./places.ts";
import { plannerFlags } from "./planner_flags.ts";
import {
  type AskedSet,
  type Handed,
  type LaunchRequest,
  type PlannerContext,
  plannerContextFlag,
  type SignablePipeline,
} from "./planner_protocol.ts";
import type { Write } from "./write_output.ts";

/** How planning ended. */
export type Planned = { readonly kind: "ended"; readonly exit: ExitCode } | Asking;

/** What a planner wants to have done. */
export type Asking =
  | { readonly kind: "launch"; readonly request: LaunchRequest }
  | { readonly kind: "sign"; readonly pipelines: readonly SignablePipeline[] }
  | { readonly kind: "deploy"; readonly request: DeployRequest };

/** What a planner is told about pipelines before it begins. */
export interface Briefing {
  /** Texts that were verified: it may then read no pipeline itself. */
  readonly handed?: Handed | undefined;
  /** For `sign`: absolute paths of what is to be signed. */
  readonly pipelines?: readonly string[] | undefined;
}

/** The user's side of the planner. */
export interface Terminal {
  readonly stdin: ReadableStream<Uint8Array>;
  readonly stdout: Write;
  readonly stderr: Write;
  /** Whether what the planner tells people goes through `stderr`, in one piece, when it has ended. */
  readonly collect?: boolean;
  readonly color: boolean;
  readonly columns: number;
}

/** What the launcher answers the planner, beside variables and standard input. */
export interface Answers {
  programs(names: readonly string[]): Readonly<Record<string, FoundProgram>>;
  /** `undefined` where there is no lock. */
  judgement(asked: AskedSet): Promise<Judgement | undefined>;
  box(set: Permissions): Promise<RunBox>;
  /** What is put around code of others that is asked what it is. */
  describerBox(): Promise<Box>;
  /**
   * Told which run the planner wants when it has said so, while it ends: what that needs may be
   * computed then. It is to be started only if the planner ends well.
   */
  foresee(request: LaunchRequest): void;
}

/**
 * Lets the planner read the command line, and answers what it asks: variables by their names, and
 * standard input. Its standard error is the user's.
 *
 * @param getAnswers called when the planner has been started: what it loads or begins takes no time
 * of its own
 * @throws BugError when it does not keep to the protocol
 */
export async function startPlanner(
  args: readonly string[],
  places: LaunchPlaces,
  terminal: Terminal,
  signal: AbortSignal,
  getAnswers: () => Promise<Answers>,
  { handed, pipelines }: Briefing = {},
): Promise<Planned> {
  const first = handed && new TextEncoder().encode(JSON.stringify(handed));
  const context: PlannerContext = {
    cwd: places.cwd,
    project: places.project,
    runs: places.runs,
    tmp: places.tmp,
    deno: places.deno,
    color: terminal.color,
    columns: terminal.columns,
    ...(first === undefined ? {} : { handed: first.length }),
    ...(pipelines === undefined ? {} : { pipelines }),
  };
  const flags = plannerFlags(args, places, {
    handed: handed !== undefined,
    ...(pipelines === undefined ? {} : { more: pipelines }),
  });
  const child = new Deno.Command(places.deno, {
    args: denoArguments(places, flags, "runtime/planner", [
      plannerContextFlag + JSON.stringify(context),
      ...args,
    ]),
    cwd: places.project,
    clearEnv: true,
    // Deno itself colours what it says of a module that it cannot load, also into a file.
    env: { ...childEnvironment(), ...(terminal.color ? {} : { NO_COLOR: "1" }) },
    stdin: "piped",
    stdout: "piped",
    stderr: terminal.collect === true ? "piped" : "inherit",
  }).spawn();
  const errors = terminal.collect === true ? new Response(child.stderr).text() : undefined;
  const kill = () => killQuietly(child, "SIGKILL");
  signal.addEventListener("abort", kill);
  const input = child.stdin.getWriter();
  let heard: Heard;
  try {
    // One that has ended before it read all tells by its exit code.
    if (first !== undefined) void input.write(first).catch(() => {});
    // While the planner loads, so does what is needed then.
    const [{ hearPlanner }, answers] = await Promise.all([
      import("./hear_planner.ts"),
      getAnswers(),
    ]);
    const { stdout } = child;
    const around = { args, places, terminal, answers, signal, pipelines: pipelines ?? [] };
    heard = await hearPlanner({ stdout, input, ...around });
  } catch (error) {
    kill();
    throw error;
  } finally {
    signal.removeEventListener("abort", kill);
    await input.abort().catch(() => {});
  }
  const { planned, told } = heard;
  const { code, signal: endedBy } = await child.status;
  if (errors !== undefined) terminal.stderr(await errors);
  if (signal.aborted) return { kind: "ended", exit: exitCode.interrupted };
  if (code === 0 && planned !== undefined) return planned;
  if (endedBy !== null) return endedPlanner(endedBy);
  // Deno ends with 1 what it cannot load; ours means that something differs, and says what.
  if (code === exitCode.differs && !told) {
    const { denoCache } = await import("./deno_folders.ts");
    const file = `${places.project}/${programFile("runtime/planner")}`;
    throw new FailedError("the planner could not start", {
      hint: `if a library is missing from Deno's cache, ${denoCache()}: deno cache ${file}`,
    });
  }
  return { kind: "ended", exit: knownExit(code) };
}

/** A terminal tells all of its processes to end; the kernel kills one where memory is short. */
function endedPlanner(by: Deno.Signal): Planned {
  if (["SIGINT", "SIGTERM", "SIGHUP"].includes(by)) {
    return { kind: "ended", exit: exitCode.interrupted };
  }
  throw new FailedError(`the planner was ended by ${by}`, {
    hint: "nothing was started; is memory short?",
  });
}

/** The code as one of ours; any other (a signal, a crash) is a bug. */
export function knownExit(code: number): ExitCode {
  if (code === 128 + 2) return exitCode.interrupted;
  return Object.values(exitCode).find((known) => known === code) ?? exitCode.bug;
}

/** Sends a signal to a child that may have ended. */
export function killQuietly(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch {
    // It has ended by itself.
  }
}
