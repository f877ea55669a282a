import { Duplex } from "node:stream";

/**
 * A connection by TLS for Node's client of HTTP, which by itself asks for the permission `sys=ca`, and no
 * flag can name that. The certificates that Deno trusts are those of Deno.
 *
 * @throws Deno.errors.NotCapable when the host was not granted
 * @throws the signal's reason when it aborts meanwhile; the connection is closed then
 */
export async function tlsStream({ hostname, port }: URL, signal: AbortSignal): Promise<Duplex> {
  const connecting = Deno.connectTls({
    hostname: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: port === "" ? 443 : Number(port),
    alpnProtocols: ["http/1.1"],
  });
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  try {
    const connection = await Promise.race([connecting, aborted.promise]);
    await Promise.race([connection.handshake(), aborted.promise]);
    const { readable, writable } = connection;
    return Duplex.fromWeb({ readable, writable } as Parameters<typeof Duplex.fromWeb>[0]);
  } catch (error) {
    connecting.then((connection) => connection.close(), () => {});
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
