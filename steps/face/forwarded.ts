import type { IncomingMessage } from "node:http";

/** Headers that say who asks and how, in the words of a proxy: passed on in one form only. */
export const replacedHeaders: readonly string[] = ["x-forwarded-for", "x-forwarded-proto"];

/**
 * Who asks, as headers: name and value in turn. The chain of `X-Forwarded-For` is what came with the
 * request, and last the address that is connected here: the one entry that nobody can make up.
 * `X-Forwarded-Proto` is `https` where exactly that came, from a load balancer or whoever reaches the
 * port without one, else `http`.
 */
export function forwardedHeaders({ headers, socket }: IncomingMessage): readonly string[] {
  const before = headers["x-forwarded-for"];
  const chain = [...(before === undefined ? [] : [before].flat()), socket.remoteAddress ?? ""];
  // Two of them come as one text.
  const proto = headers["x-forwarded-proto"] === "https" ? "https" : "http";
  return ["x-forwarded-for", chain.join(", "), "x-forwarded-proto", proto];
}
