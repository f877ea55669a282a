/**
 * A runtime's faces for tests: a worker's server that is not the Python host, on a Unix socket.
 *
 * @module
 */
import { createServer, type RequestListener, type Server } from "node:http";
import { systemClock } from "../../engine/execute/system_clock.ts";
import { type HealthBoard, makeHealthBoard } from "./health_board.ts";
import { openRest, type RestFace } from "./rest_face.ts";

/** The one socket that the group of these tests is granted. */
export function socketPath(): string {
  return `${Deno.env.get("TMPDIR")}/face.sock`;
}

export interface TestRest extends AsyncDisposable {
  readonly board: HealthBoard;
  readonly rest: RestFace;
  readonly url: string;
  readonly worker: Server;
}

/** A REST face on a free port before a worker; nothing is mounted. */
export async function restBed(listener: RequestListener = () => {}): Promise<TestRest> {
  const socket = socketPath();
  await Deno.remove(socket).catch(() => {});
  const worker = createServer(listener);
  await new Promise<void>((resolve) => worker.listen(socket, resolve));
  const board = makeHealthBoard();
  const now = () => new Date(1000);
  const rest = await openRest({ hostname: "127.0.0.1", port: 0, board, now });
  return {
    board,
    rest,
    worker,
    url: `http://127.0.0.1:${rest.port}`,
    async [Symbol.asyncDispose]() {
      await rest.drain(0, systemClock.sleep);
      worker.closeAllConnections();
      await new Promise<void>((resolve) => worker.close(() => resolve()));
    },
  };
}

export const meta = { name: "hello", version: "1.0", description: "Says hello" };
