import { BugError, FailedError, RefusedError } from "../errors.ts";
import type { ProgramGrant } from "../permissions/permissions.ts";
import type { Clock, ExecRequest, ExecResult, Program } from "../step.ts";
import { drain } from "./drain.ts";
import { findGrant } from "./find_grant.ts";
import type { Broker } from "./host.ts";
import type { SpawnedProgram, SpawnLog } from "./spawn_log.ts";

/** What starting a program needs beside the request. */
export interface ExecWorld {
  /** Id of the step. */
  readonly step: string;
  /** What the step declared. */
  readonly grants: readonly ProgramGrant[];
  /** Absolute paths by the names that steps use. */
  readonly programs: Readonly<Record<string, string>>;
  readonly broker?: Broker;
  readonly signal: AbortSignal;
  /** Whether the step leaves it alive; default false. */
  readonly stays?: boolean;
  readonly clock: Clock;
  /** Takes what a program prints, where the request says `show`. */
  output(program: string, stream: "stdout" | "stderr"): OutputText;
  /** Where each program is recorded, before its start and after its end. */
  readonly log: Pick<SpawnLog, "started" | "refused">;
}

/** A text that comes in pieces. */
export interface OutputText {
  piece(text: string): void;
  end(): void;
}

/** Bytes kept of each output stream where the request does not say. */
const defaultMaxOutput = 2 ** 20;
/** Milliseconds between SIGTERM and SIGKILL, and for which a stream may outlive its program. */
const patience = 1000;

/**
 * Starts a declared program, waits for its end and records both. Never a shell, never through PATH,
 * and with no variable that the request does not give.
 *
 * @throws RefusedError when the program, its arguments or a variable was not declared
 * @throws FailedError when it cannot be started
 * @throws the signal's reason, after the program's end, when the signal was aborted
 */
export async function exec(request: ExecRequest, world: ExecWorld): Promise<ExecResult> {
  const { ended } = await begin(request, world);
  const result = await ended;
  world.signal.throwIfAborted();
  return result;
}

/**
 * The same for a program that its step leaves alive; `stop` ends it, and nothing else here does. That a
 * brokered one could not be started is told by its end.
 */
export async function start(
  request: ExecRequest,
  world: Omit<ExecWorld, "signal" | "stays">,
): Promise<Program> {
  const stopping = new AbortController();
  const { ended } = await begin(request, { ...world, stays: true, signal: stopping.signal });
  const stop = () => stopping.abort();
  return {
    ended: ended.catch((error: Error) => ({ code: 255, stdout: "", stderr: error.message })),
    stop,
  };
}

/** Settles when the program has started; `ended` settles after its end, however that came. */
async function begin(
  request: ExecRequest,
  world: ExecWorld,
): Promise<{ readonly ended: Promise<ExecResult> }> {
  world.signal.throwIfAborted();
  const asked: SpawnedProgram = {
    step: world.step,
    program: request.program,
    args: request.args,
    env: Object.keys(request.env ?? {}).sort(),
    brokered: false,
  };
  const grant = findGrant(request, world);
  if (grant instanceof RefusedError) {
    await world.log.refused(asked, grant.message);
    throw grant;
  }
  const program = programPath(request.program, world);
  const brokered = grant.brokered === true;
  const ended = await world.log.started({ ...asked, program, brokered });
  const fail = async (error: unknown): Promise<never> => {
    await ended({ failed: error instanceof Error ? error.message : String(error) });
    throw error;
  };
  let running: Promise<{ result: ExecResult; dropped: number }>;
  if (brokered) {
    running = askBroker(grant, request, world).then((result) => ({ result, dropped: 0 }));
  } else {
    try {
      running = follow(spawn(program, request), request, world);
    } catch (error) {
      return await fail(error);
    }
  }
  const end = async () => {
    const { result, dropped } = await running.catch(fail);
    await ended({ code: result.code, ...(dropped > 0 ? { dropped } : {}) });
    return result;
  };
  return { ended: end() };
}

function programPath(program: string, world: ExecWorld): string {
  const path = Object.hasOwn(world.programs, program) ? world.programs[program] : undefined;
  if (path !== undefined) return path;
  if (program.startsWith("/")) return program;
  throw new FailedError(`the program ${program} is not installed on this machine`, {
    hint: "programs are looked for in the system's folders only, never through PATH",
  });
}

async function askBroker(
  grant: ProgramGrant,
  request: ExecRequest,
  world: ExecWorld,
): Promise<ExecResult> {
  if (world.broker === undefined) {
    throw new RefusedError(`nobody here may start ${request.program} for ${world.step}`, {
      hint: "this process writes that program's folder: run it under the launcher, which starts it",
    });
  }
  if (request.stdin !== undefined) {
    throw new BugError(`${world.step} gives standard input to a brokered program`);
  }
  const { broker, signal, step, stays = false } = world;
  const call = { signal, step, stays };
  if (request.show !== true) return await broker(grant, request, { ...call, output() {} });
  const shown = {
    stdout: world.output(request.program, "stdout"),
    stderr: world.output(request.program, "stderr"),
  };
  try {
    return await broker(grant, request, {
      ...call,
      output: (stream, text) => shown[stream].piece(text),
    });
  } finally {
    shown.stdout.end();
    shown.stderr.end();
  }
}

async function follow(
  child: Deno.ChildProcess,
  request: ExecRequest,
  world: ExecWorld,
): Promise<{ result: ExecResult; dropped: number }> {
  const max = request.maxOutput ?? defaultMaxOutput;
  const read = (stream: "stdout" | "stderr") => {
    if (request.show !== true) return drain(child[stream], max);
    const shown = world.output(request.program, stream);
    const draining = drain(child[stream], max, shown.piece);
    const done = draining.done.then((drained) => (shown.end(), drained));
    return { ...draining, done };
  };
  const stdout = read("stdout");
  const stderr = read("stderr");
  const feeding = feed(child, request.stdin);
  const ended = new AbortController();
  const abort = () => void stop(child, world.clock, ended.signal);
  if (world.signal.aborted) abort();
  world.signal.addEventListener("abort", abort, { once: true });
  let code: number;
  try {
    code = (await child.status).code;
  } finally {
    world.signal.removeEventListener("abort", abort);
    ended.abort();
  }
  // Something that it left behind may hold its streams open for ever.
  const drained = new AbortController();
  const givenUp = world.clock.sleep(world.signal.aborted ? 0 : patience, drained.signal).then(
    () => Promise.all([stdout.giveUp(), stderr.giveUp(), feeding.giveUp()]),
    () => {},
  );
  const [out, err] = await Promise.all([stdout.done, stderr.done, feeding.done]);
  drained.abort();
  await givenUp;
  return {
    result: { code, stdout: out.text, stderr: err.text },
    dropped: out.dropped + err.dropped,
  };
}

function spawn(path: string, request: ExecRequest): Deno.ChildProcess {
  try {
    return new Deno.Command(path, {
      args: [...request.args],
      clearEnv: true,
      env: { ...request.env },
      ...(request.cwd === undefined ? {} : { cwd: request.cwd }),
      stdin: request.stdin === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    const text = error instanceof Error ? error.message : String(error);
    throw new FailedError(`cannot start ${path}: ${text}`, { cause: error });
  }
}

function feed(
  child: Deno.ChildProcess,
  input: string | Uint8Array | undefined,
): { done: Promise<void>; giveUp(): Promise<void> } {
  if (input === undefined) return { done: Promise.resolve(), giveUp: () => Promise.resolve() };
  const writer = child.stdin.getWriter();
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  const write = async () => {
    try {
      await writer.write(bytes);
      await writer.close();
    } catch {
      // It ended, or closed its input, before it had read all: its exit code tells.
      await writer.abort().catch(() => {});
    }
  };
  return { done: write(), giveUp: () => writer.abort().catch(() => {}) };
}

async function stop(child: Deno.ChildProcess, clock: Clock, ended: AbortSignal): Promise<void> {
  try {
    child.kill("SIGTERM");
    await clock.sleep(patience, ended);
    child.kill("SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
