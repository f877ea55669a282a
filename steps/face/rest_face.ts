import type { Buffer } from "node:buffer";
import { Agent, createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Clock } from "../../engine/step.ts";
import { answerWith } from "./answer_with.ts";
import { drainable } from "./drain_server.ts";
import type { HealthBoard } from "./health_board.ts";
import { listenOn } from "./listen_on.ts";
import { passRequest } from "./pass_request.ts";
import { passUpgrade } from "./pass_upgrade.ts";
import { type BootStats, makeRoutes, type Mounted, ownPaths, pathBelow } from "./routes.ts";

export interface RestOptions {
  readonly hostname: string;
  readonly port: number;
  readonly board: HealthBoard;
  now(): Date;
}

/** The server on REST_PORT: the runtime's own routes at once, the agent's once they are mounted. */
export interface RestFace {
  /** The port that it listens on. */
  readonly port: number;
  mount(mounted: Mounted): void;
  /** What `/meta` says of the boot from now on. */
  tellBoot(stats: BootStats): void;
  /**
   * Accepts no more, lets the requests that there are come to their ends for at most `ms`
   * milliseconds, then cuts them off.
   *
   * @returns how many were cut off
   */
  drain(ms: number, sleep: Clock["sleep"]): Promise<number>;
}

/** Milliseconds for which an idle connection is kept: longer than load balancers keep theirs. */
const keepAlive = 75_000;
/** Connections to the worker that are kept for the next request. */
const idleConnections = 128;

/**
 * Opens the REST face. It passes the agent's requests on to the worker as they are, by its Unix socket,
 * bodies and answers as they come; whatever asks for an upgrade becomes a tunnel.
 *
 * @throws FailedError when the port is taken: never another is used
 */
export async function openRest({ hostname, port, board, now }: RestOptions): Promise<RestFace> {
  const state: { mounted: Mounted | undefined; boot: BootStats | undefined } = {
    mounted: undefined,
    boot: undefined,
  };
  const routes = makeRoutes({
    board,
    now,
    get mounted() {
      return state.mounted;
    },
    get boot() {
      return state.boot;
    },
  });
  const agent = new Agent({ keepAlive: true, maxFreeSockets: idleConnections });
  const tunnels = new Set<Socket>();
  let draining = false;
  const workerFor = (request: IncomingMessage): string | undefined => {
    const { mounted } = state;
    const path = pathOf(request);
    if (mounted?.worker === undefined || ownPaths.includes(path)) return undefined;
    if (mounted.ui !== undefined && pathBelow(path, `${mounted.base}/ui`) !== undefined) {
      return undefined;
    }
    return pathBelow(path, mounted.base) === undefined ? undefined : mounted.worker;
  };
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    // Whoever keeps the connection for another request is told that there is none.
    if (draining) response.setHeader("connection", "close");
    const socket = workerFor(request);
    if (socket === undefined) void answerWith(routes, request, response);
    else passRequest({ request, response, socket, agent });
  });
  server.on("upgrade", (request: IncomingMessage, client: Socket, head: Buffer) => {
    const socket = draining || !board.open ? undefined : workerFor(request);
    if (socket === undefined) {
      client.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n");
      return;
    }
    tunnels.add(client);
    client.on("close", () => tunnels.delete(client));
    passUpgrade({ request, client, head, socket });
  });
  server.keepAliveTimeout = keepAlive;
  // A slow upload is none of our business: the agent may have its own limits.
  server.requestTimeout = 0;
  const connections = drainable(server);
  const bound = await listenOn(server, hostname, port);
  return {
    port: bound,
    mount: (mounted) => void (state.mounted = mounted),
    tellBoot: (stats) => void (state.boot = stats),
    async drain(ms, sleep) {
      draining = true;
      const cut = await connections.drain(ms, sleep, {
        size: () => tunnels.size,
        end() {
          for (const tunnel of tunnels) tunnel.destroy();
        },
      });
      agent.destroy();
      return cut;
    },
  };
}

function pathOf({ url = "/" }: IncomingMessage): string {
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
}
