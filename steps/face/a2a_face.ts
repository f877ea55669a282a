import { portTaken } from "./listen_on.ts";
import { grace, lookEvery } from "./drain_server.ts";
import { FailedError } from "../../engine/errors.ts";
import { agentService, type AgentServiceOptions } from "./grpc/agent_service.ts";
import { healthService } from "./grpc/health_service.ts";
import { loadProtos } from "./grpc/load_protos.ts";
import { reflectionService } from "./grpc/reflection_service.ts";

export interface A2aOptions extends AgentServiceOptions {
  readonly hostname: string;
  readonly port: number;
}

/** A face that can be told to end. */
export interface OpenFace {
  readonly port: number;
  /** Accepts no more, waits at most `ms` milliseconds for the calls that there are, then ends them. */
  drain(ms: number, sleep: (ms: number, signal: AbortSignal) => Promise<void>): Promise<void>;
}

/** Bytes of one message, both ways: actions carry texts. */
const largestMessage = 16 * 2 ** 20;

/** Bytes of answers that may wait to be read: four of the largest for one connection, eight in all. */
const unread = { connection: 4 * largestMessage, all: 8 * largestMessage };

/** Milliseconds between two signs of life of a client, and for which one may be late. */
const keepAlive = { every: 30_000, patience: 20_000 };

/**
 * Opens the A2A face: `pixell.agent.AgentService` with health and reflection.
 *
 * @throws FailedError when the port is taken: never another is used
 */
export async function openA2a({ hostname, port, ...options }: A2aOptions): Promise<OpenFace> {
  const { Server, ServerCredentials } = await import("@grpc/grpc-js");
  const { agent, health, reflection } = await loadProtos();
  const { callLedger } = await import("./grpc/call_ledger.ts");
  const ledger = callLedger(unread);
  const server = new Server({
    interceptors: [ledger.interceptor],
    // A connection that is not read is ended, and what waits for it is let go.
    "grpc.keepalive_time_ms": keepAlive.every,
    "grpc.keepalive_timeout_ms": keepAlive.patience,
    "grpc.max_receive_message_length": largestMessage,
    "grpc.max_send_message_length": largestMessage,
  });
  server.addService(agent.definition, agentService(options));
  server.addService(health.definition, healthService(options.board, [agent.name]));
  const described = [agent, health, ...reflection];
  for (const { definition } of reflection) {
    server.addService(definition, reflectionService(described));
  }
  const bound = Promise.withResolvers<number>();
  server.bindAsync(
    `${hostname}:${port}`,
    ServerCredentials.createInsecure(),
    (error, at) => error === null ? bound.resolve(at) : bound.reject(error),
  );
  let at: number;
  try {
    at = await bound.promise;
  } catch (error) {
    const { message } = error as Error;
    if (message.includes("EADDRINUSE")) throw portTaken(port);
    throw new FailedError(`cannot listen on port ${port}: ${message}`, { cause: error });
  }
  return {
    port: at,
    async drain(ms, sleep) {
      const ended = Promise.withResolvers<void>();
      server.tryShutdown(() => ended.resolve());
      const done = new AbortController();
      const wait = (ms: number) => sleep(ms, done.signal).catch(() => {});
      // A connection on which nothing is called is no reason to wait, once a call may have come.
      const idle = async () => {
        await wait(grace);
        while (!done.signal.aborted && !ledger.isIdle()) await wait(lookEvery);
      };
      await Promise.race([ended.promise, idle(), wait(ms)]);
      done.abort();
      server.forceShutdown();
      // It knows sessions only. A connection that has none, such as one that has sent nothing, it leaves
      // open and never comes to its end: that ends with the process.
      const rest = new AbortController();
      await Promise.race([ended.promise, sleep(100, rest.signal).catch(() => {})]);
      rest.abort();
    },
  };
}
