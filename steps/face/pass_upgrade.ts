import type { Buffer } from "node:buffer";
import { Agent, type IncomingMessage, request as ask } from "node:http";
import type { Duplex } from "node:stream";
import { forwardedHeaders, replacedHeaders } from "./forwarded.ts";
import { keptHeaders } from "./kept_headers.ts";

export interface Upgrading {
  readonly request: IncomingMessage;
  readonly client: Duplex;
  /** What came after the head of the request. */
  readonly head: Buffer;
  /** Unix socket of the worker's server. */
  readonly socket: string;
}

/** A connection for one request: what becomes a tunnel is no request's afterwards. */
const once = new Agent({ keepAlive: false });

/**
 * Asks the worker for another protocol, a WebSocket say. Where it says yes (101), bytes pass both ways
 * from then on, and the end of either side ends the other. Any other answer is passed on, and ends the
 * connection: what the client has sent behind its request reaches nobody.
 */
export function passUpgrade({ request, client, head, socket }: Upgrading): void {
  const { method = "GET", url = "/", rawHeaders, headers } = request;
  if (headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) !== 0) {
    return void client.end(headOf("400 Bad Request", ["connection", "close"]));
  }
  const onward = ask({
    socketPath: socket,
    method,
    path: url,
    headers: [...without(rawHeaders, replacedHeaders), ...forwardedHeaders(request)],
    agent: once,
  });
  client.on("error", () => onward.destroy());
  client.on("close", () => onward.destroy());
  let isAnswered = false;
  onward.on("error", () => {
    if (isAnswered) client.destroy();
    else client.end(headOf("502 Bad Gateway", ["connection", "close"]));
  });
  onward.on("response", (answer) => {
    isAnswered = true;
    answer.on("error", () => client.destroy());
    client.write(headOf(statusOf(answer), [
      ...keptHeaders(answer.rawHeaders),
      ...["connection", "close"],
    ]));
    answer.pipe(client);
  });
  onward.on("upgrade", (answer, worker, first) => {
    isAnswered = true;
    client.write(headOf(statusOf(answer), answer.rawHeaders));
    if (first.length > 0) client.write(first);
    if (head.length > 0) worker.write(head);
    worker.pipe(client);
    client.pipe(worker);
    worker.on("error", () => client.destroy());
    worker.on("close", () => client.destroy());
    client.on("error", () => worker.destroy());
    client.on("close", () => worker.destroy());
  });
  onward.end();
}

function statusOf({ statusCode, statusMessage }: IncomingMessage): string {
  return `${statusCode} ${statusMessage}`;
}

function headOf(status: string, headers: readonly string[]): string {
  const lines = [`HTTP/1.1 ${status}`];
  for (let at = 0; at < headers.length; at += 2) lines.push(`${headers[at]}: ${headers[at + 1]}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function without(raw: readonly string[], names: readonly string[]): readonly string[] {
  return raw.flatMap((name, at) =>
    at % 2 === 0 && !names.includes(name.toLowerCase()) ? [name, raw[at + 1]!] : []
  );
}
