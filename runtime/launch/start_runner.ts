import type { ExitCode } from "../../engine/errors.ts";
import type { GivenAtStart } from "../../engine/events/follow_up.ts";
import type { Sink } from "../../engine/events/sink.ts";
import { runnerLogs } from "./audit_log.ts";
import { makeBroker } from "./broker.ts";
import { type Box, describeBox } from "./box.ts";
import type { Entered } from "./enter_box.ts";
import { makeForeignPool } from "./foreign_pool.ts";
import { makeKill } from "./make_kill.ts";
import { outlive } from "./outlive.ts";
import type { LaunchPlaces } from "./places.ts";
import type { LaunchRequest } from "./planner_protocol.ts";
import type { RunnerCommand, RunnerMessage, RunRequest } from "./runner_protocol.ts";
import { readLines } from "./read_lines.ts";
import { runnerLines } from "./runner_lines.ts";
import { knownExit } from "./start_planner.ts";

/** How a runner ended. */
export type RunnerEnd =
  /** The run was told to its end. */
  | { readonly kind: "finished"; readonly exit: ExitCode }
  /** It could not begin, and said why. */
  | {
    readonly kind: "stopped";
    readonly exit: ExitCode;
    readonly message: string;
    readonly hint?: string;
  }
  /** It ended in the middle: for people, how. The journal has the truth. */
  | { readonly kind: "lost"; readonly how: string };

/** A runner at work. */
export interface Runner {
  /** The user asks for the end: the first time to stop and undo, then to stop undo, then at once. */
  interrupt(signal: string, count: number): void;
  /** Settles after the process has ended and all it said was shown. */
  readonly end: Promise<RunnerEnd>;
}

/** What a runner is started with, beside its command. */
export interface RunnerStart {
  readonly request: LaunchRequest;
  /** What whoever goes on with the run has to give again. */
  readonly given?: GivenAtStart;
  /** Absolute paths of the programs with bare names. */
  readonly programs: Readonly<Record<string, string>>;
  readonly box: Box;
  /** Which process of the run it is, from 1: `audit/` in the run's folder is there. */
  readonly process: number;
}

/** To whom it is told what a runner says. */
export interface Audience {
  readonly sinks: readonly Sink[];
  /** Waited for before more is read of what the runner says. */
  room(): Promise<void>;
}

/** Milliseconds in which a runner has to answer an abort, and to end after its last event. */
const patience = 2000;

/**
 * Starts a runner and shows what it says.
 *
 * It is in a session of its own: Ctrl-C on the terminal reaches the launcher alone, which asks the
 * runner to stop; its programs are not hit in the middle of their work. If the launcher dies, the
 * runner sees the end of its standard input and aborts.
 */
export function startRunner(
  { command, notes }: Entered,
  { request, given, programs, box, process }: RunnerStart,
  places: LaunchPlaces,
  { sinks, room }: Audience,
): Runner {
  const { mode, plan, permissions, run, foreign } = request;
  const child = new Deno.Command(command.program, {
    args: [...command.args],
    cwd: command.cwd,
    clearEnv: true,
    env: {
      ...command.env,
      DENO_AUDIT_PERMISSIONS: `${run.folder}/${runnerLogs}/${process}-runner.jsonl`,
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    detached: true,
  }).spawn();
  const nonce = crypto.randomUUID();
  const input = child.stdin.getWriter();
  const send = (line: RunRequest | RunnerCommand) =>
    // A runner that has ended tells by its exit code.
    input.write(new TextEncoder().encode(`${JSON.stringify(line)}\n`)).catch(() => {});
  void send({
    nonce,
    mode,
    plan,
    permissions,
    run: { ...run, ...(given === undefined ? {} : { given }) },
    programs,
    box: describeBox(box, notes),
    pid: Deno.pid,
    process,
  });

  const broker = makeBroker(
    { set: permissions, foreign: foreign?.steps ?? {}, programs, folder: run.folder },
    box,
    places,
  );
  const pool = foreign && makeForeignPool({
    foreign,
    folder: run.folder,
    places,
    box,
    process,
    tell: send,
  });
  let end: RunnerEnd | undefined;
  let fault: string | undefined;
  let answered = false;
  let deadline: ReturnType<typeof setTimeout> | undefined;
  const signalRunner = makeKill(child);
  const kill = (why: string) => {
    fault ??= why;
    signalRunner("SIGKILL");
  };

  const finish = (how: RunnerEnd) => {
    end = how;
    clearTimeout(deadline);
    deadline = setTimeout(() => signalRunner("SIGKILL"), patience);
  };

  const onMessage = (message: RunnerMessage) => {
    switch (message.type) {
      case "event":
        for (const sink of sinks) sink.event(message.event);
        if (message.event.type === "run.finished") {
          finish({ kind: "finished", exit: knownExit(message.event.exit) });
        }
        return;
      case "stopped":
        finish({ ...message, kind: "stopped", exit: knownExit(message.exit) });
        return;
      case "aborting":
        answered = true;
        return;
      case "foreign-start":
      case "foreign-send":
      case "foreign-kill":
        pool?.take(message);
        return;
      case "foreign-exists": {
        const { id, step, path } = message;
        void send({ type: "foreign-exists", id, exists: pool?.exists(step, path) ?? false });
        return;
      }
      case "broker":
        void broker.start(
          message,
          (stream, text) => send({ type: "brokered-output", id: message.id, stream, text }),
        ).then((result) => send({ type: "brokered", id: message.id, result }));
        return;
      case "broker-cancel":
        broker.cancel(message.id);
        return;
      case "shed":
        broker.shed(message.brokered);
    }
  };
  const output = (text: string) => {
    if (text === "") return; // The runner begins each of its lines on a new one.
    for (const sink of sinks) sink.output?.(text);
  };
  let waiting = 0;
  const waitForRoom = async () => {
    waiting++;
    await room();
    waiting--;
  };
  const readMessages = async () => {
    const read = runnerLines(nonce);
    for await (const line of readLines(child.stdout)) {
      await waitForRoom();
      const reading = read(line);
      if (reading.kind === "output") output(reading.text);
      else if (reading.kind === "message") onMessage(reading.message);
      else return kill(`its messages are damaged: ${reading.reason}`);
    }
  };
  const readErrors = async () => {
    for await (const line of readLines(child.stderr)) {
      await waitForRoom();
      output(line);
    }
  };
  const watch = async (): Promise<RunnerEnd> => {
    const reading = Promise.all([readMessages(), readErrors()]);
    reading.catch(() => kill("what it said could not be shown"));
    const { code, signal } = await child.status;
    clearTimeout(deadline);
    await outlive(reading, patience, () => waiting > 0);
    broker.close();
    pool?.close();
    await input.abort().catch(() => {});
    if (end !== undefined && fault === undefined) return end;
    // Bubblewrap ends with the code that a shell would tell of a signal.
    const by = signal ?? (box.kind === "bubblewrap" ? signalOf(code) : undefined);
    const how = fault ?? (by === undefined ? `it ended with ${code}` : `it was ended by ${by}`);
    return { kind: "lost", how };
  };

  return {
    end: watch(),
    interrupt(signal, count) {
      if (end !== undefined) return;
      if (count > 2) return kill("it was killed at the third request");
      void send({ type: "abort", reason: signal });
      if (count > 1) return;
      deadline = setTimeout(() => {
        if (!answered) kill(`it did not answer the request to stop within ${patience / 1000} s`);
      }, patience);
    },
  };
}

const deadly: Readonly<Record<number, Deno.Signal>> = {
  4: "SIGILL",
  5: "SIGTRAP",
  6: "SIGABRT",
  9: "SIGKILL",
  11: "SIGSEGV",
  15: "SIGTERM",
};

function signalOf(code: number): Deno.Signal | undefined {
  return deadly[code - 128];
}
