import { hopByHop } from "./hop_by_hop.ts";

/** What no `Connection` can take away: where a body ends, and for whom it is. */
const endToEnd: readonly string[] = ["content-length", "host"];

/**
 * Headers as they were sent, name and value in turn, without those of the connection itself and `more`.
 */
export function keptHeaders(raw: readonly string[], more: readonly string[] = []): string[] {
  const connection = valueOf(raw, "connection");
  const dropped = new Set([
    ...hopByHop,
    ...more,
    ...connection.split(",").map((name) => name.trim().toLowerCase())
      .filter((name) => !endToEnd.includes(name)),
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
