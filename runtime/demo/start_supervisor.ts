import type { DemoPlaces } from "./places.ts";

/** A process of the demonstration, ended when disposed of. */
export interface Started extends AsyncDisposable {
  readonly process: Deno.ChildProcess;
}

/** Milliseconds that a process has to end in before it is killed. */
const patience = 15_000;

/**
 * Starts the supervisor of the ledger. It may run Deno, and write the folder of its log and socket;
 * the ledger that it runs may read its release, write its data, and listen on one port. In a session
 * of its own: Ctrl-C is for the upgrade, which still needs it in order to go back.
 */
export async function startSupervisor(
  places: DemoPlaces,
  socket: string,
  port: number,
): Promise<Started> {
  const { deno, run, root, data } = places;
  const current = `${root}/current`;
  const process = new Deno.Command(deno, {
    args: [
      ...["run", "-q", "--no-prompt", "--cached-only"],
      `--allow-read=${run}`,
      `--allow-write=${run}`,
      `--allow-net=unix:${socket}`,
      `--allow-run=${deno}`,
      `${places.project}/runtime/supervisor/main.ts`,
      ...["--socket", socket, "--log", `${run}/ledger.log`, "--until-stdin-ends"],
      ...["--env", `DENO_DIR=${places.cache}`, "--env", "NO_COLOR=1"],
      "--",
      deno,
      ...["run", "-q", "--no-prompt", "--no-config", "--no-remote", "--no-npm"],
      `--allow-read=${current},${data}`,
      `--allow-write=${data}`,
      `--allow-net=127.0.0.1:${port}`,
      `${current}/main.ts`,
      `${port}`,
      `${data}/ledger.jsonl`,
    ],
    cwd: places.top,
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
    detached: true,
  }).spawn();
  const said = new TextDecoder().decode(await firstBytes(process.stderr));
  const started = { process, [Symbol.asyncDispose]: () => end(process) };
  if (said.startsWith("supervising at ")) return started;
  await end(process);
  throw new Error(`the supervisor did not start: ${said.trim()}`);
}

/** Asks a process to end, waits for it, and kills it when it takes too long. */
async function end(process: Deno.ChildProcess): Promise<void> {
  await process.stdin.close().catch(() => {});
  const timer = setTimeout(() => process.kill("SIGKILL"), patience);
  await process.status;
  clearTimeout(timer);
}

async function firstBytes(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const reader = stream.getReader();
  const { value } = await reader.read();
  // What it says later is of no interest, but must not stop it.
  void (async () => {
    while (!(await reader.read()).done);
  })();
  return value ?? new Uint8Array();
}
