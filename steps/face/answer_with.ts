import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeStream } from "node:stream/web";

/** What answers a request of the web's standards. */
export interface Fetcher {
  fetch(request: Request): Response | Promise<Response>;
}

/** Lets the routes of the runtime itself answer a request of Node's server. They read no bodies. */
export async function answerWith(
  routes: Fetcher,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const answer = await routes.fetch(standard(request));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    if (answer.body === null || request.method === "HEAD") response.end();
    else await pipeline(Readable.fromWeb(answer.body as unknown as NodeStream), response);
  } catch {
    // The client has gone, or its request was none.
    if (!response.headersSent) response.writeHead(400);
    response.end();
  }
  request.resume();
}

function standard({ url = "/", method = "GET", headers }: IncomingMessage): Request {
  const kept = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    typeof value === "string" ? [[name, value]] : []
  );
  const known = ["TRACE", "CONNECT", "TRACK"].includes(method.toUpperCase()) ? "OPTIONS" : method;
  // The name that a client gives is nobody's business here.
  return new Request(new URL(`http://agent${url.startsWith("/") ? url : "/"}`), {
    method: known,
    headers: kept,
  });
}
