/** A real supervisor with a real program, for tests. Its flags are exactly what it needs. */
export interface SupervisedService extends AsyncDisposable {
  readonly socket: string;
  readonly log: string;
  /** The supervisor itself. */
  readonly process: Deno.ChildProcess;
}

export interface SupervisedOptions {
  /** An empty folder; the program lies in it, and so do log and socket. */
  readonly dir: string;
  /** Source of the program; by default one that runs until it is told to end. */
  readonly source?: string;
  /** Where the socket goes; by default into the folder. */
  readonly socket?: string;
  readonly autostart?: boolean;
}

const patient = `console.log("ready"); setInterval(() => {}, 60_000);`;
const main = new URL("../../runtime/supervisor/main.ts", import.meta.url).pathname;

/** Starts a supervisor and returns when it listens; disposing ends it and its program. */
export async function superviseForTest(options: SupervisedOptions): Promise<SupervisedService> {
  const { dir, source = patient, socket = `${dir}/socket`, autostart = false } = options;
  const program = `${dir}/program.ts`;
  const log = `${dir}/log`;
  await Deno.writeTextFile(program, source);
  const folders = [dir, socket.slice(0, socket.lastIndexOf("/"))].join(",");
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--cached-only",
      "--no-check",
      `--allow-read=${folders}`,
      `--allow-write=${folders}`,
      `--allow-net=unix:${socket}`,
      `--allow-run=${Deno.execPath()}`,
      main,
      ...["--socket", socket, "--log", log, "--stop-timeout", "800ms"],
      "--until-stdin-ends",
      ...(autostart ? ["--autostart"] : []),
      "--",
      Deno.execPath(),
      ...["run", "--quiet", "--no-prompt", "--no-config", "--no-remote", program],
    ],
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const reader = process.stderr.getReader();
  const said = await firstLine(reader);
  if (!said.startsWith("supervising at ")) {
    await end(process, "SIGKILL");
    throw new Error(`the supervisor says: ${said}`);
  }
  return {
    socket,
    log,
    process,
    async [Symbol.asyncDispose]() {
      await end(process, "SIGTERM");
      await reader.cancel();
    },
  };
}

async function end(process: Deno.ChildProcess, signal: Deno.Signal): Promise<void> {
  try {
    process.kill(signal);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // It has ended.
  }
  await process.status;
  await process.stdin.close().catch(() => {});
}

async function firstLine(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  return text;
}
