import { BugError } from "../../engine/errors.ts";
import { namesAlike, readVariables, tokenKeyVariable } from "./child_environment.ts";
import { readDeployRequest } from "./compile/deploy_request.ts";
import { makeDescriberPool } from "./describe_foreign.ts";
import type { LaunchPlaces } from "./places.ts";
import type { PlannerMessage, PlannerReply } from "./planner_protocol.ts";
import { readAskedSet, readLaunchRequest } from "./read_launch_request.ts";
import { readLines } from "./read_lines.ts";
import { readSignable } from "./signed/read_signable.ts";
import type { Answers, Asking, Terminal } from "./start_planner.ts";
import { subcommand } from "./subcommand.ts";

/** The planner's process, and what is around it. */
export interface Speaker {
  readonly stdout: ReadableStream<Uint8Array>;
  readonly input: WritableStreamDefaultWriter<Uint8Array>;
  /** The command line that it reads. */
  readonly args: readonly string[];
  readonly places: LaunchPlaces;
  readonly terminal: Terminal;
  readonly answers: Answers;
  /** Absolute paths of what is to be signed. */
  readonly pipelines: readonly string[];
  /** Fires when the user asks for the end. */
  readonly signal: AbortSignal;
}

/** All that a planner said. */
export interface Heard {
  /** What it wants to have done: not to be believed before it has ended well. */
  readonly planned: Asking | undefined;
  /** Whether it wrote something for the user. */
  readonly told: boolean;
}

/**
 * Hears the planner to the end of its output, and answers what it asks.
 *
 * @throws BugError when it does not keep to the protocol
 */
export async function hearPlanner(
  { stdout, input, args, places, terminal, answers, pipelines, signal }: Speaker,
): Promise<Heard> {
  const mayTell = (name: string) => name !== tokenKeyVariable || subcommand(args) === "tokens";
  const describers = makeDescriberPool(places, () => answers.describerBox());
  const close = () => describers.close();
  signal.addEventListener("abort", close);
  let planned: Asking | undefined;
  let told = false;
  try {
    for await (const line of readLines(stdout)) {
      const message = parseMessage(line);
      switch (message?.type) {
        case "want-env": {
          const values = readVariables(message.names.filter(mayTell));
          await reply(input, { type: "env", values, alike: namesAlike(message.names) });
          break;
        }
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
          answers.foresee(planned.request);
          break;
        case "sign":
          planned = { kind: "sign", pipelines: readSignable(message.pipelines, pipelines) };
          break;
        case "deploy":
          planned = { kind: "deploy", request: readDeployRequest(message.request) };
          break;
        default:
          // A library that prints by itself.
          terminal.stderr(`${line}\n`);
      }
    }
    return { planned, told };
  } finally {
    signal.removeEventListener("abort", close);
    close();
  }
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
