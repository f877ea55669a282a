import { request as httpRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import { sockets } from "./bed.ts";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
  /** When each piece of the body came: `performance.now()`. */
  readonly pieces: readonly { readonly text: string; readonly at: number }[];
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Pieces of the body, sent as fast as they are taken. */
  readonly body?: Iterable<Uint8Array>;
}

/** One request over the worker's socket. */
export function ask(path: string, { method = "GET", headers = {}, body = [] }: Ask = {}) {
  return new Promise<Answer>((resolve, reject) => {
    const request = httpRequest({ socketPath: sockets.rest, path, method, headers }, (response) => {
      const pieces: { text: string; at: number }[] = [];
      response.on("data", (piece) => {
        pieces.push({ text: `${piece}`, at: performance.now() });
      });
      response.on("error", reject);
      response.on("end", () => {
        const text = pieces.map(({ text }) => text).join("");
        resolve({ status: response.statusCode!, headers: response.headers, text, pieces });
      });
    });
    request.on("error", reject);
    const left = body[Symbol.iterator]();
    const send = () => {
      for (let next = left.next(); !next.done; next = left.next()) {
        if (!request.write(next.value)) return void request.once("drain", send);
      }
      request.end();
    };
    send();
  });
}

/** A WebSocket over the worker's socket, in as few words as RFC 6455 needs for short texts. */
export async function openSocket(
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<
  { send(text: string): Promise<void>; receive(): Promise<string>; close(): void }
> {
  const conn = await Deno.connect({ transport: "unix", path: sockets.rest });
  const key = btoa("0123456789abcdef");
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  await conn.write(new TextEncoder().encode(
    `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n${lines}\r\n`,
  ));
  let held = new Uint8Array();
  const more = async () => {
    const piece = new Uint8Array(4096);
    const count = await conn.read(piece);
    if (count === null) throw new Error("the connection ended");
    held = Uint8Array.from([...held, ...piece.subarray(0, count)]);
  };
  const take = async (count: number) => {
    while (held.length < count) await more();
    const taken = held.slice(0, count);
    held = held.slice(count);
    return taken;
  };
  let head = "";
  while (!head.endsWith("\r\n\r\n")) head += String.fromCharCode((await take(1))[0]!);
  if (!head.startsWith("HTTP/1.1 101 ")) {
    conn.close();
    throw new Error(head.split("\r\n")[0]);
  }
  return {
    async send(text) {
      const bytes = new TextEncoder().encode(text);
      const mask = [1, 2, 3, 4];
      const masked = bytes.map((byte, n) => byte ^ mask[n % 4]!);
      await conn.write(Uint8Array.from([0x81, 0x80 | bytes.length, ...mask, ...masked]));
    },
    async receive() {
      const [, length] = await take(2);
      return new TextDecoder().decode(await take(length!));
    },
    close: () => conn.close(),
  };
}
