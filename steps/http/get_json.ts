import { type IncomingMessage, request as ask } from "node:http";
import { connect, type Socket } from "node:net";
import type { Json } from "../../engine/json.ts";
import { connectGrant } from "./connect_grant.ts";
import { tlsStream } from "./tls_stream.ts";
import { readAtMost } from "./read_at_most.ts";

/** What came of one request. */
export type Answer =
  | { readonly kind: "json"; readonly status: number; readonly body: Json }
  /** An answer that is no JSON, or too long. */
  | { readonly kind: "other"; readonly status: number; readonly why: string }
  | { readonly kind: "nothing"; readonly why: string };

/** Longest body that is read, in bytes. */
const bodyLimit = 64 * 1024;

export interface GetOptions {
  readonly signal: AbortSignal;
  readonly timeout_ms: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Asks a URL once, on a connection of its own. Redirects are answers like any other. Nobody's
 * answer is no error: the caller decides what it means.
 *
 * `fetch` is not used because it obeys HTTP_PROXY: a probe of this machine would be sent to another,
 * which no grant names.
 *
 * @throws Deno.errors.NotCapable when the host was not granted
 * @throws the signal's reason when it aborts
 */
export async function getJson(url: string, options: GetOptions): Promise<Answer> {
  const { signal, timeout_ms } = options;
  signal.throwIfAborted();
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), timeout_ms);
  try {
    const response = await open(url, options, AbortSignal.any([signal, late.signal]));
    const status = response.statusCode ?? 0;
    const body = await readAtMost(response, bodyLimit);
    const text = body && new TextDecoder().decode(body);
    if (text === undefined) return { kind: "other", status, why: "more than 64 KiB" };
    try {
      return { kind: "json", status, body: JSON.parse(text) as Json };
    } catch {
      return { kind: "other", status, why: "no JSON" };
    }
  } catch (error) {
    signal.throwIfAborted();
    if (isRefusal(error)) throw notCapable(url, error);
    if (late.signal.aborted) return { kind: "nothing", why: `no answer within ${timeout_ms} ms` };
    return { kind: "nothing", why: reasonOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

async function open(
  url: string,
  options: GetOptions,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { protocol, hostname, port, pathname, search, host: named } = new URL(url);
  const to = {
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    ...(port === "" ? {} : { port: Number(port) }),
  };
  const stream = protocol === "https:" ? await tlsStream(new URL(url), signal) : undefined;
  return await new Promise((resolve, reject) => {
    const request = ask({
      ...to,
      path: pathname + search,
      // One connection for one question, which ends with the answer.
      headers: { host: named, connection: "close", accept: "application/json", ...options.headers },
      signal,
      // Made here: Node's own would go to a proxy where NODE_USE_ENV_PROXY says so.
      createConnection: () => (stream ?? connect({ port: 80, ...to })) as Socket,
    }, resolve);
    request.on("error", reject);
    request.end();
  });
}

/** The sandbox's no comes as its own error for an address, and as EPERM when a name is looked up. */
function isRefusal(error: unknown): boolean {
  if (error instanceof Deno.errors.NotCapable) return true;
  const { code, syscall } = error as { code?: string; syscall?: string };
  return code === "EPERM" && syscall === "getaddrinfo";
}

function notCapable(url: string, cause: unknown): Error {
  const message = `Requires net access to ${JSON.stringify(connectGrant(url))}`;
  return new Deno.errors.NotCapable(message, { cause });
}

/** Node tells a fault by its code, Deno, which makes the connections by TLS, by its class or in words. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  if (error instanceof Deno.errors.UnexpectedEof) return "connection closed without an answer";
  if (message?.startsWith("failed to lookup address")) return "the host's name was not found";
  switch (code) {
    case "ECONNREFUSED":
      return "connection refused";
    case "ECONNRESET":
      return "connection closed without an answer";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "the host's name was not found";
    default:
      return message ?? String(error);
  }
}
