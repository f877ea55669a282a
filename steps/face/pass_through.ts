import { connect, createServer, type Socket } from "node:net";
import type { OpenFace } from "./a2a_face.ts";
import { listenOn } from "./listen_on.ts";

export interface PassThroughOptions {
  readonly hostname: string;
  readonly port: number;
  /** Unix socket of the agent's own server. */
  readonly socket: string;
}

/**
 * Opens the A2A face of a package with a gRPC server of its own: every connection becomes one to the
 * agent's server, byte by byte.
 *
 * @throws FailedError when the port is taken: never another is used
 */
export async function openPassThrough(
  { hostname, port, socket }: PassThroughOptions,
): Promise<OpenFace> {
  const open = new Set<Socket>();
  const idle = new Set<() => void>();
  const server = createServer((client: Socket) => {
    open.add(client);
    const agent = connect({ path: socket });
    client.pipe(agent);
    agent.pipe(client);
    client.on("error", () => agent.destroy());
    agent.on("error", () => client.destroy());
    agent.on("close", () => client.destroy());
    client.on("close", () => {
      agent.destroy();
      open.delete(client);
      if (open.size === 0) { for (const tell of idle) tell(); }
    });
  });
  const bound = await listenOn(server, hostname, port);
  return {
    port: bound,
    async drain(ms, sleep) {
      server.close();
      const done = new AbortController();
      const last = new Promise<void>((resolve) => {
        if (open.size === 0) resolve();
        idle.add(resolve);
      });
      await Promise.race([last, sleep(ms, done.signal).catch(() => {})]);
      done.abort();
      for (const client of open) client.destroy();
    },
  };
}
