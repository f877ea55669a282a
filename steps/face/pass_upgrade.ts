import type { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { forwardedHeaders, replacedHeaders } from "./forwarded.ts";

export interface Upgrading {
  readonly request: IncomingMessage;
  readonly client: Socket;
  /** What came after the head of the request. */
  readonly head: Buffer;
  /** Unix socket of the worker's server. */
  readonly socket: string;
}

/**
 * Makes a tunnel of a request that asks for another protocol, a WebSocket say: its head goes to the
 * worker with who asks, and from then on bytes both ways. The end of either side ends the other.
 */
export function passUpgrade({ request, client, head, socket }: Upgrading): void {
  const worker = connect({ path: socket }, () => {
    worker.write(headOf(request));
    if (head.length > 0) worker.write(head);
    worker.pipe(client);
    client.pipe(worker);
  });
  worker.on("error", () => client.destroy());
  client.on("error", () => worker.destroy());
  worker.on("close", () => client.destroy());
  client.on("close", () => worker.destroy());
}

function headOf(request: IncomingMessage): string {
  const { method = "GET", url = "/", rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/1.1`];
  const add = (headers: readonly string[], dropped: readonly string[] = []) => {
    for (let at = 0; at < headers.length; at += 2) {
      const name = headers[at]!;
      if (!dropped.includes(name.toLowerCase())) lines.push(`${name}: ${headers[at + 1]}`);
    }
  };
  add(rawHeaders, replacedHeaders);
  add(forwardedHeaders(request));
  return `${lines.join("\r\n")}\r\n\r\n`;
}
