import { type Endpoint, parseEndpoint } from "../endpoint.ts";

/** An entry of `connect` or `listen` as the layers below need it. */
export interface Host {
  readonly entry: string;
  /** Addresses; none for a name that only a resolver knows. */
  readonly addresses: readonly string[];
  /** Absent for every port. */
  readonly port?: number;
}

/** Entries of `connect` or `listen`, told apart. */
export interface Hosts {
  /** With an address. `localhost` is 127.0.0.1 and ::1. */
  readonly hosts: readonly Host[];
  /** Names and wildcards. */
  readonly names: readonly string[];
  /** Paths of Unix sockets. */
  readonly sockets: readonly string[];
  /** What is none of these. */
  readonly unreadable: readonly string[];
}

/** Tells addresses, names and sockets apart. IPv6 addresses lose their brackets. */
export function readHosts(entries: readonly string[]): Hosts {
  const read = entries.map((entry) => ({ entry, endpoint: parseEndpoint(entry) }));
  const found = { hosts: [] as Host[], names: [] as string[], sockets: [] as string[] };
  for (const { entry, endpoint } of read) {
    if (endpoint === undefined) continue;
    if (endpoint.kind === "unix") found.sockets.push(endpoint.path);
    else {
      const addresses = addressesOf(endpoint);
      if (addresses.length === 0) found.names.push(entry);
      else {
        const { port } = endpoint;
        found.hosts.push({ entry, addresses, ...(port === undefined ? {} : { port }) });
      }
    }
  }
  const unreadable = read.filter(({ endpoint }) => endpoint === undefined);
  return { ...found, unreadable: unreadable.map(({ entry }) => entry) };
}

function addressesOf({ host, wildcard }: Extract<Endpoint, { kind: "host" }>): readonly string[] {
  if (wildcard) return [];
  if (host === "localhost") return ["127.0.0.1", "::1"];
  if (host.startsWith("[")) return [host.slice(1, -1)];
  const parts = host.split(".");
  const isAddress = parts.length === 4 &&
    parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
  return isAddress ? [host] : [];
}

/** Whether an address means all addresses of the machine. */
export function isAnyAddress(address: string): boolean {
  return address === "0.0.0.0" || address === "::";
}

/** Whether nobody else than the machine itself can be reached there. */
export function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}
