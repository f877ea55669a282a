import type { Server } from "node:net";
import { FailedError } from "../../engine/errors.ts";

/**
 * Has a server listen, on this port and no other.
 *
 * @param port 0 takes a free one: for tests
 * @returns the port
 * @throws FailedError when it is taken, or may not be used
 */
export async function listenOn(server: Server, hostname: string, port: number): Promise<number> {
  // Node's server ends the process where the sandbox refuses it: Deno's is asked first.
  if (port !== 0) probe(hostname, port);
  const listening = Promise.withResolvers<void>();
  server.once("error", listening.reject);
  server.listen(port, hostname, () => listening.resolve());
  try {
    await listening.promise;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    const { code, message } = error as { code?: string; message: string };
    if (code === "EADDRINUSE") throw portTaken(port);
    throw new FailedError(`cannot listen on port ${port}: ${message}`, { cause: error });
  } finally {
    server.off("error", listening.reject);
  }
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

function probe(hostname: string, port: number): void {
  try {
    Deno.listen({ hostname, port }).close();
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) throw portTaken(port);
    throw error;
  }
}

/** What to say of a port that somebody else has, who may be the agent that has just been loaded. */
export function portTaken(port: number): FailedError {
  return new FailedError(`port ${port} is taken`, {
    hint: `find by whom: ss -ltnp "sport = :${port}"; a package must not open it itself`,
  });
}
