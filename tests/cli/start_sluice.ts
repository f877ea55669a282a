/**
 * Starts the real program, as `deno task sluice` does, in a folder of its own.
 *
 * @module
 */
import { setprivPaths } from "../../runtime/launch/die_with_launcher.ts";
import { bubblewrapPaths } from "../../runtime/launch/find_box.ts";

const own = decodeURIComponent(new URL("../..", import.meta.url).pathname).replace(/\/$/, "");

/** Whether the launcher may make boxes: the group `cli-unboxed` shows that all works without, too. */
export const boxed = Deno.env.get("SLUICE_TEST_BOX") !== "none";

/** What the launcher may start. */
const launcherRun = `--allow-run=${
  [Deno.execPath(), ...(boxed ? bubblewrapPaths : []), ...setprivPaths].join(",")
}`;

/** How a process ended, and all it wrote. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process at work. */
export interface Sluice {
  readonly process: Deno.ChildProcess;
  /** Settles with the line of standard output or standard error that has this text. */
  said(text: string): Promise<string>;
  /** Reads nothing that it writes any more, until the answer is called. */
  leaveUnread(): () => void;
  /** Settles after its end. */
  readonly ended: Promise<Ended>;
}

export interface StartOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Everything it may read from standard input. */
  readonly stdin?: string;
  /** Where Sluice lies; by default here. */
  readonly project?: string;
  /** Whether the launcher may make no box, whatever the group says. */
  readonly unboxed?: true;
  /** A program that starts it, and its arguments: strace, which makes way for it. */
  readonly before?: readonly [program: string, ...args: readonly string[]];
}

/** The launcher's flags, as the task has them. */
export const launcherFlags: readonly string[] = [
  "--no-prompt",
  "--cached-only",
  "--no-check",
  "--allow-read",
  "--allow-env",
  launcherRun,
];

/** Starts the launcher where the user stands; relative arguments are resolved against it. */
export function startSluice(args: readonly string[], options: StartOptions): Sluice {
  const { project = own } = options;
  const flags = options.unboxed === true
    ? [...launcherFlags.slice(0, -1), `--allow-run=${Deno.execPath()}`]
    : launcherFlags;
  // As a task does: started in the project, told where the user was.
  const env = { INIT_CWD: options.cwd, ...options.env };
  return start([...flags, `${project}/runtime/launch/main.ts`, ...args], {
    ...options,
    cwd: project,
    env,
  });
}

/** Starts a runner without a launcher, with these permissions. */
export function startRunner(
  flags: readonly string[],
  args: readonly string[],
  options: StartOptions,
): Sluice {
  const { project = own } = options;
  const config = `--config=${project}/deno.json`;
  return start([
    "--no-prompt",
    "--cached-only",
    "--no-check",
    config,
    ...flags,
    `${project}/runtime/runner.ts`,
    ...args,
  ], options);
}

/** Runs the launcher to its end. */
export async function sluice(args: readonly string[], options: StartOptions): Promise<Ended> {
  return await startSluice(args, options).ended;
}

function start(args: readonly string[], { before, ...options }: StartOptions): Sluice {
  return startCommand([...before ?? [], Deno.execPath(), "run", "--quiet", ...args], options);
}

/** Starts a program, which may be the launcher of a kit. */
export function startCommand(
  [program, ...args]: readonly string[],
  { cwd, env, stdin = "" }: Pick<StartOptions, "cwd" | "env" | "stdin">,
): Sluice {
  const process = new Deno.Command(program!, {
    args,
    cwd,
    env: { NO_COLOR: "1", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  void feed(process, stdin);
  const written = { stdout: "", stderr: "" };
  const waiting = new Set<() => void>();
  let reading = Promise.resolve();
  const read = async (stream: "stdout" | "stderr") => {
    for await (const text of process[stream].pipeThrough(new TextDecoderStream())) {
      written[stream] += text;
      for (const look of waiting) look();
      await reading;
    }
  };
  const ended = (async () => {
    const [{ code }] = await Promise.all([process.status, read("stdout"), read("stderr")]);
    return { code, ...written };
  })();
  const said = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const lines = `${written.stdout}\n${written.stderr}`.split("\n");
        const found = lines.find((line) => line.includes(text));
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
      void ended.then(({ code, stderr }) =>
        reject(new Error(`it ended with ${code} and never said ${text}:\n${stderr}`))
      );
    });
  const leaveUnread = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    reading = promise;
    return resolve;
  };
  return { process, said, leaveUnread, ended };
}

async function feed(process: Deno.ChildProcess, text: string): Promise<void> {
  const writer = process.stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch {
    // It did not want to read.
  }
}
