/** What strace saw of sockets. */
export interface Endpoints {
  /** `host:port` that something was sent to or connected to. */
  readonly reached: readonly string[];
  /** `host:port` that was listened on. */
  readonly bound: readonly string[];
  /** Paths of Unix sockets that were connected to. */
  readonly sockets: readonly string[];
  /** Lines with an address that nobody here can read. */
  readonly unread: readonly string[];
}

const sending = /^\d+ +(connect|sendto|sendmsg|sendmmsg)\(/;
const families =
  /sa_family=AF_INET, sin_port=htons\((\d+)\), sin_addr=inet_addr\("([\d.]+)"\)|sa_family=AF_INET6, sin6_port=htons\((\d+)\).*?inet_pton\(AF_INET6, "([^"]+)"/;

/**
 * Every address in a trace of `strace -f -e trace=connect,bind,sendto,sendmsg,sendmmsg`, each once.
 *
 * @example
 * ```ts
 * import { endpointsIn } from "./endpoints.ts";
 * import assert from "node:assert/strict";
 *
 * const line = '7 connect(3, {sa_family=AF_INET, sin_port=htons(443), ' +
 *   'sin_addr=inet_addr("192.0.2.1")}, 16) = 0';
 * assert.deepEqual(endpointsIn(line).reached, ["192.0.2.1:443"]);
 * ```
 */
export function endpointsIn(trace: string): Endpoints {
  const reached = new Set<string>();
  const bound = new Set<string>();
  const sockets = new Set<string>();
  const unread: string[] = [];
  for (const line of trace.split("\n")) {
    if (!line.includes("sa_family=") || /sa_family=AF_(NETLINK|UNSPEC)/.test(line)) continue;
    const local = /sa_family=AF_UNIX, sun_path=(@?"[^"]*")/.exec(line);
    const found = families.exec(line);
    const isBind = /^\d+ +bind\(/.test(line);
    if (local !== null) {
      if (!isBind) sockets.add(local[1]!.replaceAll('"', ""));
    } else if (found === null || !isBind && !sending.test(line)) unread.push(line);
    else {
      const [, port4, host4, port6, host6] = found;
      const endpoint = host4 === undefined ? `[${host6}]:${port6}` : `${host4}:${port4}`;
      (isBind ? bound : reached).add(endpoint);
    }
  }
  const sorted = (set: Set<string>) => [...set].sort();
  return { reached: sorted(reached), bound: sorted(bound), sockets: sorted(sockets), unread };
}
