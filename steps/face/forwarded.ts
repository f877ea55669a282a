import type { IncomingMessage } from "node:http";

/** Headers that say who asks, in the words of a proxy; what a client says of itself is not passed on. */
export const replacedHeaders: readonly string[] = ["x-forwarded-for"];

/**
 * Who asks, as headers: name and value in turn. The chain of `X-Forwarded-For` is what came with the
 * request, and last the address that is connected here: the one entry that nobody can make up. A load
 * balancer's `X-Forwarded-Proto` stays.
 */
export function forwardedHeaders({ headers, socket }: IncomingMessage): readonly string[] {
  const before = headers["x-forwarded-for"];
  const chain = [...(before === undefined ? [] : [before].flat()), socket.remoteAddress ?? ""];
  const proto = headers["x-forwarded-proto"] === undefined ? ["x-forwarded-proto", "http"] : [];
  return ["x-forwarded-for", chain.join(", "), ...proto];
}
