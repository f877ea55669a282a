import type { Broker } from "../../engine/execute/host.ts";
import { BugError, FailedError, RefusedError } from "../../engine/errors.ts";
import type { ProgramGrant } from "../../engine/permissions/permissions.ts";
import type { Plan } from "../../engine/plan/plan.ts";
import type { ExecResult } from "../../engine/step.ts";
import { readLines } from "../launch/read_lines.ts";
import type {
  BrokeredResult,
  ForeignNews,
  ForeignOrder,
  RunnerCommand,
  RunnerLine,
  RunnerMessage,
  RunRequest,
} from "../launch/runner_protocol.ts";
import type { Interruption } from "./interruption.ts";
import { writeWhole } from "./write_whole.ts";

/** Bytes kept of each output stream of a brokered program where the step does not say. */
const defaultMaxOutput = 2 ** 20;

const isGone = "the launcher is gone";

/** The runner's side of the launcher. */
export interface LauncherLink {
  readonly request: RunRequest<Plan>;
  say(message: RunnerMessage): void;
  readonly broker: Broker;
  /** Has the launcher start processes of steps of others. */
  readonly foreign: ForeignLink;
  /** Has the launcher refuse these brokered programs from now on. */
  shedBrokered(grants: readonly ProgramGrant[]): void;
}

/** Which process of a step of others is to be started. */
export type ForeignStartOrder = Omit<
  Extract<ForeignOrder, { readonly type: "foreign-start" }>,
  "type"
>;

/** The runner's way to processes of steps of others. */
export interface ForeignLink {
  /** A number that no process has had. */
  nextProcess(): number;
  /** Starts one; it is told what becomes of it, until its end. */
  start(order: ForeignStartOrder, listener: ForeignListener): ForeignHandle;
  /** Whether a path is there that a step of others may write, by the id of the step or item. */
  exists(path: string, step: string): Promise<boolean>;
}

export interface ForeignListener {
  line(stream: "stdout" | "stderr", text: string): void;
  /** The last of it. */
  end(how: ForeignEnding): void;
}

export type ForeignEnding = Extract<ForeignNews, { readonly type: "foreign-end" }>["end"];

/** A brokered program whose end has not come. */
interface Waiting extends PromiseWithResolvers<BrokeredResult> {
  output(stream: "stdout" | "stderr", text: string): void;
}

export interface ForeignHandle {
  send(line: unknown): void;
  kill(): void;
}

/**
 * Reads the request from standard input and follows it for commands. Each message begins with a
 * newline, so that it stands alone whatever was printed before it. A launcher that is gone is a
 * request for the end; what is said to it is then lost, while the journal goes on.
 */
export async function linkLauncher(interruption: Interruption): Promise<LauncherLink> {
  const lines = readLines(Deno.stdin.readable);
  const { value } = await lines.next();
  if (value === undefined) throw new BugError("the runner was started without a launcher");
  const request: RunRequest<Plan> = JSON.parse(value);

  let seq = 0;
  /** Nobody hears what is said. */
  let gone = false;
  /** Nobody answers: what would wait for an answer would wait for ever. */
  let alone = false;
  const say = (message: RunnerMessage) => {
    if (gone) return;
    const line: RunnerLine = { sluice: request.nonce, seq: ++seq, message };
    try {
      writeWhole(Deno.stdout, `\n${JSON.stringify(line)}\n`);
    } catch {
      gone = true;
    }
  };

  const listeners = new Map<number, ForeignListener>();
  const asked = new Map<number, (exists: boolean) => void>();
  const waiting = new Map<number, Waiting>();
  const follow = async () => {
    for await (const line of lines) {
      const command: RunnerCommand = JSON.parse(line);
      switch (command.type) {
        case "brokered":
          waiting.get(command.id)?.resolve(command.result);
          break;
        case "brokered-output":
          waiting.get(command.id)?.output(command.stream, command.text);
          break;
        case "foreign-line":
          listeners.get(command.process)?.line(command.stream, command.text);
          break;
        case "foreign-end": {
          const listener = listeners.get(command.process);
          listeners.delete(command.process);
          listener?.end(command.end);
          break;
        }
        case "foreign-exists":
          asked.get(command.id)?.(command.exists);
          break;
        case "abort":
          say({ type: "aborting" });
          interruption.ask(command.reason);
      }
    }
  };
  void follow().catch(() => {}).then(() => {
    alone = true;
    for (const { reject } of waiting.values()) reject(new FailedError(isGone));
    for (const listener of listeners.values()) listener.end({ refused: isGone });
    for (const answer of asked.values()) answer(false);
    interruption.ask(isGone);
  });

  let lastId = 0;
  let lastProcess = 0;
  const foreign: ForeignLink = {
    nextProcess: () => ++lastProcess,
    start(order, listener) {
      const { process } = order;
      if (alone) {
        // Once whoever starts it has its handle.
        queueMicrotask(() => listener.end({ refused: isGone }));
        return { send() {}, kill() {} };
      }
      listeners.set(process, listener);
      say({ type: "foreign-start", ...order });
      return {
        send: (line) => say({ type: "foreign-send", process, line }),
        kill: () => say({ type: "foreign-kill", process }),
      };
    },
    async exists(path, step) {
      if (alone) return false;
      const id = ++lastId;
      const answer = new Promise<boolean>((resolve) => asked.set(id, resolve));
      say({ type: "foreign-exists", id, step, path });
      try {
        return await answer;
      } finally {
        asked.delete(id);
      }
    },
  };
  const broker: Broker = async (grant, request, { signal, step, stays, output }) => {
    const { program, args, env = {}, cwd, maxOutput, show = false, deno } = request;
    if (alone) throw new FailedError(isGone);
    const id = ++lastId;
    const answer = Promise.withResolvers<BrokeredResult>();
    waiting.set(id, { ...answer, output });
    const cancel = () => say({ type: "broker-cancel", id });
    say({
      type: "broker",
      id,
      step,
      grant,
      program,
      args,
      env,
      max_output: maxOutput ?? defaultMaxOutput,
      show,
      stays,
      ...(cwd === undefined ? {} : { cwd }),
      ...(deno === undefined ? {} : { deno }),
    });
    signal.addEventListener("abort", cancel, { once: true });
    if (signal.aborted) cancel();
    try {
      return ended(await answer.promise);
    } finally {
      signal.removeEventListener("abort", cancel);
      waiting.delete(id);
    }
  };
  const shedBrokered = (brokered: readonly ProgramGrant[]) => say({ type: "shed", brokered });
  return { request, say, broker, foreign, shedBrokered };
}

function ended(result: BrokeredResult): ExecResult {
  if ("refused" in result) throw new RefusedError(`the launcher refuses: ${result.refused}`);
  return result;
}
