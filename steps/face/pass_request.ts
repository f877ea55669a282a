import { type Agent, type IncomingMessage, request as ask, type ServerResponse } from "node:http";
import { forwardedHeaders, replacedHeaders } from "./forwarded.ts";
import { hopByHop } from "./hop_by_hop.ts";

export interface Passing {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Unix socket of the worker's server. */
  readonly socket: string;
  readonly agent: Agent;
}

/**
 * Passes one request on, and its answer back, as they come: neither is held. A client that goes takes
 * its request with it. Where the worker does not answer, the client gets a 502.
 */
export function passRequest({ request, response, socket, agent }: Passing): void {
  const onward = ask({
    socketPath: socket,
    method: request.method ?? "GET",
    path: request.url ?? "/",
    headers: [...kept(request.rawHeaders, replacedHeaders), ...forwardedHeaders(request)],
    agent,
  }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, kept(answer.rawHeaders));
    response.flushHeaders();
    answer.pipe(response);
    answer.on("error", () => response.destroy());
  });
  onward.on("error", () => {
    if (response.headersSent) return void response.destroy();
    response.writeHead(502, { "content-type": "application/json" });
    response.end(`{"error":"the agent does not answer"}`);
  });
  response.on("close", () => {
    if (!response.writableFinished) onward.destroy();
  });
  request.on("error", () => onward.destroy());
  request.pipe(onward);
}

/** Headers as they were sent, name and value in turn, without those of the connection itself. */
function kept(raw: readonly string[], more: readonly string[] = []): string[] {
  const connection = valueOf(raw, "connection");
  const dropped = new Set([
    ...hopByHop,
    ...more,
    ...connection.split(",").map((name) => name.trim().toLowerCase()),
  ]);
  const left: string[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    if (!dropped.has(raw[at]!.toLowerCase())) left.push(raw[at]!, raw[at + 1]!);
  }
  return left;
}

function valueOf(raw: readonly string[], wanted: string): string {
  const values: string[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    if (raw[at]!.toLowerCase() === wanted) values.push(raw[at + 1]!);
  }
  return values.join(",");
}
