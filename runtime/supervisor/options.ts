import { parseDuration } from "../../engine/document/duration.ts";
import { UsageError } from "../../engine/errors.ts";
import { checkSocketPath } from "../../steps/service/supervisor_protocol.ts";

/** What the command line of a supervisor says. */
export interface Options {
  /** Absolute. */
  readonly socket: string;
  /** Absolute. */
  readonly log: string;
  /** The program and its arguments. */
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** The whole environment of the program. */
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds that the program has between SIGTERM and SIGKILL. */
  readonly stop_timeout_ms: number;
  readonly autostart: boolean;
  /** Whether it ends when its standard input does: when whoever started it is gone. */
  readonly until_stdin_ends: boolean;
}

export const usage =
  `usage: supervisor --socket PATH --log FILE [OPTION]... -- PROGRAM [ARGUMENT]...

Runs one program, keeps it running, and is told what to do on a Unix socket.

  --socket PATH        where it listens (only its owner may connect)
  --log FILE           what the program prints, with times; FILE.1 is the part before
  --cwd DIR            where the program runs
  --env NAME=VALUE     a variable of the program, which gets no others; may be repeated
  --stop-timeout TIME  from SIGTERM to SIGKILL (10s)
  --autostart          start at once, and not only when told to
  --until-stdin-ends   end when standard input does, as it does when its starter dies`;

/**
 * Reads the command line.
 *
 * @throws UsageError naming the first argument that is wrong
 * @throws InvalidInputError when the socket's path is too long for the kernel
 */
export function parseOptions(args: readonly string[]): Options {
  const end = args.indexOf("--");
  const program = end < 0 ? undefined : args[end + 1];
  const given = new Map<string, string>();
  const env: Record<string, string> = {};
  const flags = new Set<string>();
  for (let at = 0; at < (end < 0 ? args.length : end); at++) {
    const option = args[at]!;
    if (option === "--autostart" || option === "--until-stdin-ends") {
      flags.add(option);
      continue;
    }
    if (!/^--(socket|log|cwd|env|stop-timeout)$/.test(option)) throw wrong(`unknown: ${option}`);
    const value = args[++at];
    if (value === undefined || at === end) throw wrong(`${option} needs a value`);
    if (option === "--env") addVariable(env, value);
    else if (given.has(option)) throw wrong(`${option} is given twice`);
    else given.set(option, value);
  }
  if (program === undefined) throw wrong("no program is named after --");
  const cwd = given.get("--cwd");
  const socket = absolute(given, "--socket");
  checkSocketPath(socket);
  const timeout = given.get("--stop-timeout") ?? "10s";
  const stop_timeout_ms = parseDuration(timeout);
  if (stop_timeout_ms === undefined) throw wrong(`--stop-timeout ${timeout} is no duration`);
  return {
    socket,
    log: absolute(given, "--log"),
    program,
    args: args.slice(end + 2),
    ...(cwd === undefined ? {} : { cwd }),
    env,
    stop_timeout_ms,
    autostart: flags.has("--autostart"),
    until_stdin_ends: flags.has("--until-stdin-ends"),
  };
}

function absolute(given: ReadonlyMap<string, string>, option: string): string {
  const path = given.get(option);
  if (path === undefined) throw wrong(`${option} is missing`);
  if (!path.startsWith("/")) throw wrong(`${option} ${path} is not an absolute path`);
  return path;
}

function addVariable(env: Record<string, string>, text: string): void {
  const parts = /^([A-Za-z_][A-Za-z0-9_]*)=([^]*)$/.exec(text);
  if (parts === null) throw wrong(`--env wants NAME=VALUE`);
  env[parts[1]!] = parts[2]!;
}

function wrong(message: string): UsageError {
  return new UsageError(`supervisor: ${message}`, { hint: usage });
}
