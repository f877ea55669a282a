import { type Agent, type IncomingMessage, request as ask, type ServerResponse } from "node:http";
import { forwardedHeaders, replacedHeaders } from "./forwarded.ts";
import { keptHeaders } from "./kept_headers.ts";

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
  const framing = framingOf(request);
  const onward = ask({
    socketPath: socket,
    method: request.method ?? "GET",
    path: request.url ?? "/",
    headers: [
      ...keptHeaders(request.rawHeaders, [...replacedHeaders, "content-length"]),
      ...forwardedHeaders(request),
      ...framing,
    ],
    agent,
  }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, keptHeaders(answer.rawHeaders));
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
  // Node would write a body that it was told no end of bare behind the head: as the next request.
  if (framing.length > 0) request.pipe(onward);
  else onward.end();
}

/** How the worker is told where the body ends, whatever the method; nothing where there is none. */
function framingOf({ headers }: IncomingMessage): readonly string[] {
  if (headers["transfer-encoding"] !== undefined) return ["transfer-encoding", "chunked"];
  const length = headers["content-length"];
  return length === undefined ? [] : ["content-length", length];
}
