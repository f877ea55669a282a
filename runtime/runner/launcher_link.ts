import type { Broker } from "../../engine/execute/host.ts";
import { BugError, FailedError, RefusedError } from "../../engine/errors.ts";
import type { ProgramGrant } from "../../engine/permissions/permissions.ts";
import type { Plan } from "../../engine/plan/plan.ts";
import type { ExecResult } from "../../engine/step.ts";
import { readLines } from "../launch/read_lines.ts";
import type {
  BrokeredResult,
  RunnerCommand,
  RunnerLine,
  RunnerMessage,
  RunRequest,
} from "../launch/protocol.ts";
import type { Interruption } from "./interruption.ts";
import { writeWhole } from "./write_whole.ts";

/** Bytes kept of each output stream of a brokered program where the step does not say. */
const defaultMaxOutput = 2 ** 20;

/** The runner's side of the launcher. */
export interface LauncherLink {
  readonly request: RunRequest<Plan>;
  say(message: RunnerMessage): void;
  readonly broker: Broker;
  /** Has the launcher refuse these brokered programs from now on. */
  shedBrokered(grants: readonly ProgramGrant[]): void;
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
  let gone = false;
  const say = (message: RunnerMessage) => {
    if (gone) return;
    const line: RunnerLine = { sluice: request.nonce, seq: ++seq, message };
    try {
      writeWhole(Deno.stdout, `\n${JSON.stringify(line)}\n`);
    } catch {
      gone = true;
    }
  };

  const waiting = new Map<number, PromiseWithResolvers<BrokeredResult>>();
  const follow = async () => {
    for await (const line of lines) {
      const command: RunnerCommand = JSON.parse(line);
      if (command.type === "brokered") {
        waiting.get(command.id)?.resolve(command.result);
      } else {
        say({ type: "aborting" });
        interruption.ask(command.reason);
      }
    }
  };
  void follow().catch(() => {}).then(() => {
    for (const { reject } of waiting.values()) reject(new FailedError("the launcher is gone"));
    interruption.ask("the launcher is gone");
  });

  let lastId = 0;
  const broker: Broker = async (grant, { program, args, env = {}, cwd, maxOutput }, signal) => {
    const id = ++lastId;
    const answer = Promise.withResolvers<BrokeredResult>();
    waiting.set(id, answer);
    const cancel = () => say({ type: "broker-cancel", id });
    say({
      type: "broker",
      id,
      grant,
      program,
      args,
      env,
      max_output: maxOutput ?? defaultMaxOutput,
      ...(cwd === undefined ? {} : { cwd }),
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
  return { request, say, broker, shedBrokered };
}

function ended(result: BrokeredResult): ExecResult {
  if ("refused" in result) throw new RefusedError(`the launcher refuses: ${result.refused}`);
  return result;
}
