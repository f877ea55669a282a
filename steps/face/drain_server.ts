import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Clock } from "../../engine/step.ts";

/** What a server has beside requests. */
export interface Others {
  size(): number;
  /** Ends all of them at once. */
  end(): void;
}

/** A server whose connections are known by what is asked on them. */
export interface Drainable {
  /**
   * Accepts no more, and lets the requests that there are, and what else there is, come to their ends
   * for at most `ms` milliseconds; then it cuts them off. A connection on which nothing is asked is
   * ended: at once where something was before, else after a second, since a request may be on its way.
   *
   * @returns how many were cut off
   */
  drain(ms: number, sleep: Clock["sleep"], others?: Others): Promise<number>;
}

/** Milliseconds in which a connection may still bring its first request. */
export const grace = 1000;
/** Milliseconds between two looks. */
export const lookEvery = 20;

/** Follows the connections of a server from now on. */
export function drainable(server: Server): Drainable {
  /** How many requests are being answered on each. */
  const asked = new Map<Socket, number>();
  const add = (socket: Socket, count: number) => {
    const now = asked.get(socket);
    if (now !== undefined) asked.set(socket, now + count);
  };
  server.on("connection", (socket: Socket) => {
    asked.set(socket, 0);
    socket.on("close", () => asked.delete(socket));
  });
  server.on("request", ({ socket }, response) => {
    add(socket, 1);
    response.on("close", () => add(socket, -1));
  });
  // A tunnel is no longer the server's.
  server.on("upgrade", ({ socket }) => asked.delete(socket as Socket));
  return {
    async drain(ms, sleep, others = { size: () => 0, end() {} }) {
      const done = new AbortController();
      const wait = (ms: number) => sleep(ms, done.signal).catch(() => {});
      let isClosed = false;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
        .then(() => void (isClosed = true));
      const look = async () => {
        for (let waited = 0; !done.signal.aborted; waited += lookEvery) {
          server.closeIdleConnections();
          if (waited >= grace) {
            for (const [socket, count] of asked) if (count === 0) socket.destroy();
          }
          await (isClosed ? wait(lookEvery) : Promise.race([closed, wait(lookEvery)]));
          if (isClosed && others.size() === 0) return;
        }
      };
      await Promise.race([look(), wait(ms)]);
      done.abort();
      const cut = [...asked.values()].reduce((sum, count) => sum + count, others.size());
      others.end();
      server.closeAllConnections();
      await closed;
      return cut;
    },
  };
}
