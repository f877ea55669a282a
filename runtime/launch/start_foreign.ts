import { heapMiB, messageBytes } from "../../engine/foreign/limits.ts";
import { bareConfig } from "./bare_config.ts";
import { childEnvironment } from "./child_environment.ts";
import type { Command } from "./enter_box.ts";
import type { ForeignEnd } from "./foreign_end.ts";
import type { ForeignSource, ForeignStart } from "./foreign_messages.ts";
import { makeKill } from "./make_kill.ts";
import type { LaunchPlaces } from "./places.ts";
import { programFile } from "./deno_command.ts";
import { outlive } from "./outlive.ts";
import { makeOutputLimit } from "./output_limit.ts";
import { readLines } from "./read_lines.ts";

/** A process of a step of others. */
export interface ForeignProcess {
  /** Sends a line of JSON; settles when it was taken, also when nobody is there. */
  send(line: unknown): Promise<void>;
  /** SIGKILL, at once: it starts no programs, so nothing of it is left. */
  kill(): void;
  /** Settles after its end, when all it said has been taken. */
  readonly ended: Promise<ForeignEnd>;
  /** Bytes of its output that were dropped until now, as there was too much of it. */
  readonly dropped: () => number;
}

export interface ForeignOptions {
  /** What its messages are to carry. */
  readonly nonce: string;
  /** Permission flags; none while planning. */
  readonly flags: readonly string[];
  /** Names of the variables that it gets. */
  readonly env: readonly string[];
  /** Puts a box around it, or whatever else; left out, it starts as it is. */
  enter?(command: Command): Command;
  /** Takes each message, and each line of output up to a limit; the process waits until it was taken. */
  line(stream: "stdout" | "stderr", text: string): void | Promise<void>;
}

/**
 * Starts a process for code of others: no configuration, no package, nothing from the network, no
 * other module than the code itself, which it gets on standard input, and no permission but the
 * given flags. It is in a session of its own, so that a Ctrl-C reaches the launcher alone.
 */
export function startForeign(
  { name, source }: ForeignSource,
  options: ForeignOptions,
  places: LaunchPlaces,
): ForeignProcess {
  const plain: Command = {
    program: places.deno,
    args: [
      ...["run", "--quiet", "--no-prompt", "--no-check", bareConfig(places), "--no-lock"],
      ...["--no-remote", "--no-npm", "--cached-only"],
      // Storage goes by location, or by the main module, which all steps of others share. None can be
      // kept; this is for a Deno that would.
      `--location=http://${crypto.randomUUID()}.invalid/`,
      // Without memory for WebAssembly there is no way through node:wasi, which makes links to anywhere
      // and asks no permission for it.
      `--v8-flags=--max-old-space-size=${heapMiB},--wasm-max-mem-pages=0`,
      ...options.flags,
      `${places.project}/${programFile("runtime/foreign/host")}`,
    ],
    cwd: "/",
    env: { ...childEnvironment(options.env), ...keepsNothing },
  };
  const command = options.enter?.(plain) ?? plain;
  const child = new Deno.Command(command.program, {
    args: [...command.args],
    cwd: command.cwd,
    clearEnv: true,
    env: { ...command.env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    detached: true,
  }).spawn();
  const input = child.stdin.getWriter();
  const send = async (line: unknown) => {
    // A process that has ended tells by its end.
    await input.write(new TextEncoder().encode(`${JSON.stringify(line)}\n`)).catch(() => {});
  };
  void send({ nonce: options.nonce, name, source } satisfies ForeignStart);
  const end = makeKill(child);
  const kill = () => end("SIGKILL");

  const { wants, dropped } = makeOutputLimit(options.nonce);
  const linesOf = (stream: "stdout" | "stderr") =>
    readLines(child[stream], longest, (line) => wants(stream, line));
  let taking = 0;
  const hand = async (stream: "stdout" | "stderr", text: string) => {
    taking++;
    await options.line(stream, text);
    taking--;
  };
  let memory = false;
  const readOutput = async () => {
    for await (const text of linesOf("stdout")) await hand("stdout", text);
  };
  const readErrors = async () => {
    let dying = false;
    for await (const text of linesOf("stderr")) {
      // V8 says much about its own end; one word of it is for people.
      if (/^# ?Fatal .*out of memory/.test(text)) memory = true;
      if (/^(<--- Last few GCs|# ?Fatal )/.test(text)) dying = true;
      if (!dying) await hand("stderr", text);
    }
  };
  const watch = async (): Promise<ForeignEnd> => {
    const reading = Promise.all([readOutput(), readErrors()]);
    reading.catch(kill);
    const { code, signal } = await child.status;
    await outlive(reading.catch(() => {}), patience, () => taking > 0);
    await input.abort().catch(() => {});
    return { code, signal, memory };
  };
  return { send, kill, ended: watch(), dropped };
}

/**
 * Deno asks no permission for what it keeps by itself: storage, compiled code. Code of others could
 * fill the disk by it, even while it is asked what it is. So there is no folder for it, nor can
 * anybody make one; and Deno is told not to try, which it does for 150 ms. Compiling is quicker.
 */
export const keepsNothing = { DENO_DIR: "/proc/self/none", DENO_EMIT_CACHE_MODE: "disable" };

/** A message and what is around it. */
const longest = messageBytes + 1024;

/** Milliseconds for which a stream may outlive its process. */
const patience = 2000;
