/**
 * Runs one program and keeps it running: for laptops, containers and demonstrations, where there is
 * no systemd. It may run that program and nothing else, and may write its log and its socket, but
 * nothing of what it runs: what writes a release and what runs it are two processes.
 *
 * ```sh
 * deno run --no-prompt --allow-run=/usr/bin/node \
 *   --allow-read=/run/ledger,/var/log/ledger --allow-write=/run/ledger,/var/log/ledger \
 *   --allow-net=unix:/run/ledger/socket \
 *   runtime/supervisor/main.ts --socket /run/ledger/socket --log /var/log/ledger/log \
 *   -- /usr/bin/node /opt/ledger/current/server.js
 * ```
 *
 * It starts the program when it is told to (or at once, with `--autostart`), and again, after a
 * growing pause, whenever it ends by itself. SIGTERM and SIGINT end the program, then it: exit 0.
 * Ended by SIGKILL it leaves the program behind, so let whatever starts it end the whole group.
 *
 * @module
 */
import { exitCode, SluiceError } from "../../engine/errors.ts";
import { systemClock } from "../../engine/execute/system_clock.ts";
import { startChild } from "./child.ts";
import { listenAlone } from "./listen.ts";
import { parseOptions, usage } from "./options.ts";
import { openLog } from "./rotating_log.ts";
import { serveClient } from "./serve.ts";
import { supervise } from "./supervise.ts";

try {
  if (Deno.args[0] === "--help") console.log(usage);
  else await main();
  // Clients that are still connected must not hold it back.
  Deno.exit(exitCode.done);
} catch (error) {
  if (!(error instanceof SluiceError) && !isOfTheSystem(error)) throw error;
  console.error(error.message);
  if (error instanceof SluiceError && error.hint !== undefined) console.error(error.hint);
  Deno.exit(error instanceof SluiceError ? error.exit : exitCode.failed);
}

async function main(): Promise<void> {
  const options = parseOptions(Deno.args);
  using socket = listenAlone(options.socket);
  using log = openLog(options.log, () => systemClock.now());
  const program = supervise({
    spawn: () => startChild(options, log, systemClock),
    clock: systemClock,
    stop_timeout_ms: options.stop_timeout_ms,
    say: (text) => log.add("sup", text),
  });
  const asked = Promise.withResolvers<void>();
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    Deno.addSignalListener(signal, () => asked.resolve());
  }
  if (options.until_stdin_ends) untilStdinEnds().then(asked.resolve);
  // Where the program is not there yet, the log says so and it is tried again.
  if (options.autostart) await program.start().catch(() => {});
  console.error(`supervising at ${options.socket}`);
  acceptClients();
  await asked.promise;
  await program.stop();

  async function acceptClients(): Promise<void> {
    for await (const connection of socket.listener) serveClient(connection, program, log);
  }
}

async function untilStdinEnds(): Promise<void> {
  const buffer = new Uint8Array(1024);
  while (await Deno.stdin.read(buffer) !== null);
}

/** Whether the file system or the sandbox said no, which is no fault of the program's code. */
function isOfTheSystem(error: unknown): error is Error {
  return error instanceof Error &&
    (error instanceof Deno.errors.NotCapable || error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotADirectory);
}
