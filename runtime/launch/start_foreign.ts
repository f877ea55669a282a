import { heapMiB, messageBytes } from "../../engine/foreign/limits.ts";
import { childEnvironment } from "./child_environment.ts";
import type { ForeignSource, ForeignStart } from "./foreign_messages.ts";
import type { LaunchPlaces } from "./places.ts";
import { readLines } from "./read_lines.ts";
import { killQuietly } from "./start_planner.ts";

/** How the process of a step of others ended. */
export interface ForeignEnd {
  /** 128 + n where signal n ended it in a box. */
  readonly code: number;
  readonly signal: string | null;
  /** Whether it said that its memory was used up. */
  readonly memory: boolean;
}

/** A process of a step of others. */
export interface ForeignProcess {
  /** What its messages carry. */
  readonly nonce: string;
  /** Sends a line of JSON; settles when it was taken, also when nobody is there. */
  send(line: unknown): Promise<void>;
  /** SIGKILL, at once: it starts no programs, so nothing of it is left. */
  kill(): void;
  /** Settles after its end, when all it said has been taken. */
  readonly ended: Promise<ForeignEnd>;
}

export interface ForeignOptions {
  /** Permission flags; none while planning. */
  readonly flags: readonly string[];
  /** Names of the variables that it gets. */
  readonly env: readonly string[];
  /** Takes each line; the process waits until it was taken. */
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
  const child = new Deno.Command(places.deno, {
    args: [
      ...["run", "--quiet", "--no-prompt", "--no-check", "--no-config", "--no-lock"],
      ...["--no-remote", "--no-npm", "--cached-only"],
      `--v8-flags=--max-old-space-size=${heapMiB}`,
      ...options.flags,
      `${places.project}/runtime/foreign/host.ts`,
    ],
    cwd: "/",
    clearEnv: true,
    env: childEnvironment(options.env),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    detached: true,
  }).spawn();
  const nonce = crypto.randomUUID();
  const input = child.stdin.getWriter();
  const send = async (line: unknown) => {
    // A process that has ended tells by its end.
    await input.write(new TextEncoder().encode(`${JSON.stringify(line)}\n`)).catch(() => {});
  };
  void send({ nonce, name, source } satisfies ForeignStart);
  const kill = () => killQuietly(child, "SIGKILL");

  let memory = false;
  const readOutput = async () => {
    for await (const text of readLines(child.stdout, longest)) await options.line("stdout", text);
  };
  const readErrors = async () => {
    let dying = false;
    for await (const text of readLines(child.stderr, longest)) {
      // V8 says much about its own end; one word of it is for people.
      if (/^# ?Fatal .*out of memory/.test(text)) memory = true;
      if (/^(<--- Last few GCs|# ?Fatal )/.test(text)) dying = true;
      if (!dying) await options.line("stderr", text);
    }
  };
  const watch = async (): Promise<ForeignEnd> => {
    const reading = Promise.all([readOutput(), readErrors()]);
    reading.catch(kill);
    const { code, signal } = await child.status;
    await reading.catch(() => {});
    await input.abort().catch(() => {});
    return { code, signal, memory };
  };
  return { nonce, send, kill, ended: watch() };
}

/** A message and what is around it. */
const longest = messageBytes + 1024;

/** How a process ended, in words that follow its name. */
export function endInWords({ code, signal, memory }: ForeignEnd): string {
  if (memory) return `used up its memory (heap limit ${heapMiB} MiB)`;
  if (signal !== null) return `was ended by ${signal}`;
  return code > 128 ? `was ended by signal ${code - 128}` : `ended with exit code ${code}`;
}
