import type { Permissions } from "../permissions.ts";
import { needsOf, type Relaxation } from "../program_needs.ts";
import { isAnyAddress, isLoopback, readHosts } from "./hosts.ts";
import { added } from "./systemd_relax.ts";
import { type Directive, directive } from "./systemd_unit.ts";

/** Whether anything of a set is on the network, beyond sockets that are files. */
export function usesNetwork({ connect, listen, run }: Permissions): boolean {
  return [...connect, ...listen].some((entry) => !entry.startsWith("unix:")) ||
    run.some((grant) => needsOf(grant).network);
}

/** Whether hosts have to be found by name, `localhost` among them. */
export function usesNames({ connect, listen }: Permissions): boolean {
  const { hosts, names } = readHosts([...connect, ...listen]);
  return names.length > 0 || hosts.some(({ addresses }) => addresses.length > 1);
}

/** Whether others than the machine itself are reached: they are found by name, and have certificates. */
export function isBeyondMachine(set: Permissions): boolean {
  const { hosts, names } = readHosts(set.connect);
  return names.length > 0 || hosts.some(({ addresses }) => !addresses.every(isLoopback)) ||
    set.run.some((grant) => needsOf(grant).network);
}

/**
 * The part of a unit that says what is reached. Addresses of both directions are one list there, and
 * ports are known only for listening.
 */
export function networkDirectives(
  set: Permissions,
  relaxations: readonly Relaxation[],
  unsaid: string[],
): readonly Directive[] {
  const families = added("RestrictAddressFamilies", [
    ...relaxations,
    ...set.listen.filter((entry) => entry.startsWith("unix:")).map((entry) => ({
      directive: "RestrictAddressFamilies" as const,
      value: "AF_UNIX",
      why: `${entry} is listened on`,
    })),
  ]);
  if (!usesNetwork(set)) {
    return [
      directive("PrivateNetwork", "yes"),
      directive("IPAddressDeny", "any"),
      ...(families.length === 0 ? [directive("RestrictAddressFamilies", "none")] : families),
    ];
  }
  const connect = readHosts(set.connect);
  const listen = readHosts(set.listen);
  const hosts = [...connect.hosts, ...listen.hosts];
  const addresses = [...new Set(hosts.flatMap((host) => host.addresses))]
    .filter((address) => !isAnyAddress(address)).sort();
  sayUnsaid(connect, listen, unsaid);
  const names = connect.names.length + listen.names.length > 0 ||
    set.run.some((grant) => needsOf(grant).network);
  const all = hosts.flatMap((host) => host.addresses);
  const inet = (version: 4 | 6) =>
    names || all.some((address) => address.includes(":") === (version === 6));
  return [
    ...(addresses.length > 0 && addresses.every(isLoopback) && !names &&
        !all.some(isAnyAddress)
      ? [directive("RestrictNetworkInterfaces", "lo", "In force where systemd was built with BPF.")]
      : []),
    directive("IPAddressDeny", "any"),
    ...addresses.map((address) => directive("IPAddressAllow", address)),
    directive("SocketBindDeny", "any", "In force where systemd was built with BPF."),
    ...bindDirectives(set),
    ...(inet(4) ? [directive("RestrictAddressFamilies", "AF_INET")] : []),
    ...(inet(6) ? [directive("RestrictAddressFamilies", "AF_INET6")] : []),
    ...families,
  ];
}

function bindDirectives({ listen }: Permissions): readonly Directive[] {
  const found = readHosts(listen);
  const ports = [...found.hosts, ...found.names.map((entry) => ({ entry, ...portOf(entry) }))]
    .map(({ port }) => port === undefined || port === 0 ? "any" : `tcp:${port}`);
  return [...new Set(ports)].sort().map((port) => directive("SocketBindAllow", port));
}

function portOf(entry: string): { readonly port?: number } {
  const match = /:(\d+)$/.exec(entry);
  return match === null ? {} : { port: Number(match[1]) };
}

function sayUnsaid(
  connect: ReturnType<typeof readHosts>,
  listen: ReturnType<typeof readHosts>,
  unsaid: string[],
): void {
  const ports = connect.hosts.filter(({ port }) => port !== undefined).map(({ entry }) => entry);
  if (ports.length > 0) {
    unsaid.push(
      `IPAddressAllow knows no ports: not only these can be reached there: ${ports.join(", ")}`,
    );
  }
  const names = [...connect.names, ...listen.names, ...connect.unreadable, ...listen.unreadable];
  if (names.length > 0) {
    unsaid.push(`IPAddressAllow knows no host names: ${names.join(", ")} cannot be reached`);
  }
  const open = listen.hosts.filter(({ addresses }) => !addresses.every(isLoopback));
  if (open.length > 0) {
    const entries = open.map(({ entry }) => entry).join(", ");
    unsaid.push(
      `IPAddressAllow tells clients and servers not apart: no client of ${entries} is let in`,
    );
  }
  const bound = listen.hosts.filter(({ addresses }) => !addresses.some(isAnyAddress));
  if (bound.length > 0) {
    const entries = bound.map(({ entry }) => entry).join(", ");
    unsaid.push(`SocketBindAllow knows no addresses: only the port of ${entries} is held to`);
  }
}
