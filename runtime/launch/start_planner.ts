import { BugError, type ExitCode, exitCode } from "../../engine/errors.ts";
import type { RunBox } from "../../engine/permissions/box/run_box.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import { type DeployRequest, readDeployRequest } from "./compile/deploy_request.ts";
import { childEnvironment, readVariables, tokenKeyVariable } from "./child_environment.ts";
import type { Box } from "./box.ts";
import { makeDescriberPool } from "./describe_foreign.ts";
import { denoArguments } from "./deno_command.ts";
import type { FoundProgram } from "./find_programs.ts";
import type { Judgement } from "./judge.ts";
import type { LaunchPlaces } from "./places.ts";
import { plannerFlags } from "./planner_flags.ts";
import {
  type AskedSet,
  type Handed,
  type LaunchRequest,
  type PlannerContext,
  plannerContextFlag,
  type PlannerMessage,
  type PlannerReply,
  type SignablePipeline,
} from "./protocol.ts";
import { readAskedSet, readLaunchRequest } from "./read_launch_request.ts";
import { readSignable } from "./signed/read_signable.ts";
import { readLines } from "./read_lines.ts";
import { subcommand } from "./subcommand.ts";
import type { Write } from "./write_output.ts";

/** How planning ended. */
export type Planned =
  | { readonly kind: "ended"; readonly exit: ExitCode }
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
}

/**
 * Lets the planner read the command line, and answers what it asks: variables by their names, and
 * standard input. Its standard error is the user's.
 *
 * @throws BugError when it does not keep to the protocol
 */
export async function startPlanner(
  args: readonly string[],
  places: LaunchPlaces,
  terminal: Terminal,
  signal: AbortSignal,
  answers: Answers,
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
    args: denoArguments(places, flags, "runtime/planner.ts", [
      plannerContextFlag + JSON.stringify(context),
      ...args,
    ]),
    cwd: places.project,
    clearEnv: true,
    env: childEnvironment(),
    stdin: "piped",
    stdout: "piped",
    stderr: terminal.collect === true ? "piped" : "inherit",
  }).spawn();
  const errors = terminal.collect === true ? new Response(child.stderr).text() : undefined;
  const describers = makeDescriberPool(places, () => answers.describerBox());
  const kill = () => {
    killQuietly(child, "SIGKILL");
    describers.close();
  };
  signal.addEventListener("abort", kill);
  const mayTell = (name: string) => name !== tokenKeyVariable || subcommand(args) === "tokens";
  const input = child.stdin.getWriter();
  let planned: Exclude<Planned, { readonly kind: "ended" }> | undefined;
  let told = false;
  try {
    // One that has ended before it read all tells by its exit code.
    if (first !== undefined) void input.write(first).catch(() => {});
    for await (const line of readLines(child.stdout)) {
      const message = parseMessage(line);
      switch (message?.type) {
        case "want-env":
          await reply(input, { type: "env", values: readVariables(message.names.filter(mayTell)) });
          break;
        case "want-programs":
          await reply(input, { type: "programs", found: answers.programs(message.names) });
          break;
        case "want-judgement": {
          const judgement = await answers.judgement(readAskedSet(message.asked));
          await reply(input, { type: "judgement", ...(judgement && { judgement }) });
          break;
        }
        case "want-box": {
          const set = readAskedSet({ permissions: message.permissions }).permissions;
          await reply(input, { type: "box", box: await answers.box(set) });
          break;
        }
        case "want-stdin":
          void forward(terminal.stdin, input);
          break;
        case "ask-foreign": {
          const { name, source, question } = message;
          await reply(input, await describers.ask({ name, source }, question));
          break;
        }
        case "output":
          told = true;
          terminal.stdout(message.text);
          break;
        case "launch":
          planned = { kind: "launch", request: readLaunchRequest(message.request) };
          break;
        case "sign":
          planned = { kind: "sign", pipelines: readSignable(message.pipelines, pipelines ?? []) };
          break;
        case "deploy":
          planned = { kind: "deploy", request: readDeployRequest(message.request) };
          break;
        default:
          // A library that prints by itself.
          terminal.stderr(`${line}\n`);
      }
    }
  } catch (error) {
    kill();
    throw error;
  } finally {
    signal.removeEventListener("abort", kill);
    describers.close();
    await input.abort().catch(() => {});
  }
  const { code } = await child.status;
  if (errors !== undefined) terminal.stderr(await errors);
  if (signal.aborted) return { kind: "ended", exit: exitCode.interrupted };
  if (code === 0 && planned !== undefined) return planned;
  // Deno ends with 1 what it cannot load; ours means that something differs, and says what.
  if (code === exitCode.differs && !told) {
    throw new BugError("the planner could not start", {
      hint: "if a library is missing from Deno's cache: deno cache runtime/planner.ts",
    });
  }
  return { kind: "ended", exit: knownExit(code) };
}

function parseMessage(line: string): PlannerMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return;
  }
  if (typeof value !== "object" || value === null || !("type" in value)) return;
  const message = value as PlannerMessage;
  const sound = message.type === "want-env" || message.type === "want-programs"
    ? Array.isArray(message.names) && message.names.every((name) => typeof name === "string")
    : message.type === "output"
    ? typeof message.text === "string"
    : message.type === "ask-foreign"
    ? typeof message.name === "string" && typeof message.source === "string" &&
      typeof message.question === "object"
    : ["launch", "deploy", "sign", "want-box", "want-judgement", "want-stdin"].includes(
      message.type,
    );
  if (!sound) throw new BugError("the planner said something that the launcher does not know");
  return message;
}

async function reply(
  input: WritableStreamDefaultWriter<Uint8Array>,
  message: PlannerReply,
): Promise<void> {
  // A planner that has ended tells by its exit code.
  await input.write(new TextEncoder().encode(`${JSON.stringify(message)}\n`)).catch(() => {});
}

async function forward(
  from: ReadableStream<Uint8Array>,
  input: WritableStreamDefaultWriter<Uint8Array>,
): Promise<void> {
  try {
    for await (const piece of from) await input.write(piece);
    await input.close();
  } catch {
    // It has read enough.
  }
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
