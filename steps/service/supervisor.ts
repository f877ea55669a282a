import * as v from "valibot";
import { BugError, FailedError } from "../../engine/errors.ts";
import { type Permissions, permissions } from "../../engine/permissions/permissions.ts";
import type { ServiceManager, ServiceStatus } from "./service_manager.ts";
import {
  longestLine,
  mostLogLines,
  type SupervisorAnswer,
  supervisorAnswer,
  type SupervisorRequest,
  type SupervisorStatus,
} from "./supervisor_protocol.ts";

/** How long an answer may take, in milliseconds; a stop waits for the program's end. */
const patience = { status: 5_000, logs: 5_000, start: 10_000, stop: 120_000, restart: 120_000 };

/** What speaking on a Unix socket needs: to read and write its path, and to connect. */
export function supervisorGrants(socket: string): Permissions {
  return permissions({ read: [socket], write: [socket], connect: [`unix:${socket}`] });
}

/** A service that a supervisor (`runtime/supervisor/`) manages, by its Unix socket. */
export function supervisorService(socket: string, name: string): ServiceManager {
  const ask = (request: SupervisorRequest, signal: AbortSignal) =>
    askSupervisor(socket, request, signal);
  return {
    name,
    managed: true,
    async status(signal) {
      const { status } = await ask({ command: "status" }, signal);
      if (status === undefined) throw new BugError(`${name} answered without a status`);
      return readStatus(status);
    },
    async start(signal) {
      await ask({ command: "start" }, signal);
    },
    async stop(signal) {
      await ask({ command: "stop" }, signal);
    },
    async logs(lines, signal) {
      const wanted = Math.min(Math.max(lines, 1), mostLogLines);
      return (await ask({ command: "logs", lines: wanted }, signal)).lines ?? [];
    },
  };
}

function readStatus({ state, main, crash_loop, last_end }: SupervisorStatus): ServiceStatus {
  const why = [last_end, crash_loop ? "it crashes again and again" : undefined]
    .filter((part) => part !== undefined).join("; ");
  return {
    state,
    ...(main === undefined ? {} : { main: { ...main, started_at: new Date(main.started) } }),
    ...(why === "" ? {} : { why }),
  };
}

/**
 * Asks a supervisor one thing, on a connection of its own.
 *
 * @throws FailedError when nobody listens, when it refuses, or when it does not answer in time
 */
async function askSupervisor(
  socket: string,
  request: SupervisorRequest,
  signal: AbortSignal,
): Promise<Extract<SupervisorAnswer, { ok: true }>> {
  signal.throwIfAborted();
  using connection = await connect(socket);
  let late = false;
  const close = () => {
    try {
      connection.close();
    } catch {
      // The answer came first.
    }
  };
  const timer = setTimeout(() => {
    late = true;
    close();
  }, patience[request.command]);
  signal.addEventListener("abort", close);
  try {
    await writeAll(connection, new TextEncoder().encode(JSON.stringify(request) + "\n"));
    const answer = v.parse(supervisorAnswer, JSON.parse(await readLine(connection)));
    if (answer.ok) return answer;
    throw new FailedError(
      `the supervisor at ${socket} refused to ${request.command}: ${answer.error}`,
    );
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof FailedError) throw error;
    const what = late
      ? `did not answer within ${patience[request.command] / 1000} s`
      : "gave no answer that can be read";
    throw new FailedError(`the supervisor at ${socket} ${what} (asked to ${request.command})`, {
      cause: error,
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", close);
  }
}

async function connect(socket: string): Promise<Deno.UnixConn> {
  try {
    return await Deno.connect({ transport: "unix", path: socket });
  } catch (error) {
    if (
      error instanceof Deno.errors.NotFound || error instanceof Deno.errors.ConnectionRefused
    ) {
      throw new FailedError(`no supervisor listens at ${socket}`, {
        hint: "start it, then run the same command again",
        cause: error,
      });
    }
    throw error;
  }
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

async function readLine(connection: Deno.Conn): Promise<string> {
  const chunks: Uint8Array[] = [];
  const buffer = new Uint8Array(16 * 1024);
  for (let length = 0; length < longestLine;) {
    const count = await connection.read(buffer);
    if (count === null) throw new Error("the connection was closed");
    const chunk = buffer.slice(0, count);
    const end = chunk.indexOf(0x0a);
    chunks.push(end < 0 ? chunk : chunk.subarray(0, end));
    if (end >= 0) {
      return new TextDecoder().decode(await new Blob(chunks as BlobPart[]).arrayBuffer());
    }
    length += count;
  }
  throw new Error("the answer is too long");
}
