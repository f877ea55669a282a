/**
 * Servers on this machine that misbehave as they are told, with a certificate of the tests' authority:
 * `DENO_CERT` has to name `tests/fixtures/tls/ca.pem`.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";

const tls = new URL("../../../tests/fixtures/tls/", import.meta.url);

export type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

export interface TestServer extends AsyncDisposable {
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  readonly requests: readonly IncomingMessage[];
}

export async function httpsServer(
  handler: Handler,
  hostname = "127.0.0.1",
): Promise<TestServer> {
  const [cert, key] = await Promise.all(
    ["server.pem", "server.key"].map((name) => Deno.readTextFile(new URL(name, tls))),
  );
  const requests: IncomingMessage[] = [];
  const server = createServer({ cert, key }, (request, response) => {
    requests.push(request);
    handler(request, response, requests.length);
  });
  await new Promise<void>((resolve) => server.listen(0, hostname, () => resolve()));
  const { port } = server.address() as { port: number };
  return {
    url: `https://${hostname}:${port}`,
    port,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** A body that no compression makes smaller, the same each time. */
export function bodyOf(length: number): Uint8Array {
  const body = new Uint8Array(length);
  for (let at = 0, value = 1; at < length; at++) {
    value = (value * 1103515245 + 12345) & 0x7fffffff;
    body[at] = value >> 16;
  }
  return body;
}
