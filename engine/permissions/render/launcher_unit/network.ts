import type { Permissions } from "../../permissions.ts";
import type { Relaxation } from "../../program_needs.ts";
import { isAnyAddress, isLoopback, readHosts } from "../hosts.ts";
import { usesNetwork } from "../systemd_network.ts";
import { added } from "../systemd_relax.ts";
import { type Directive, directive } from "../systemd_unit.ts";
import type { UnitCeiling } from "./unit_ceiling.ts";

/** Where a machine of a cloud finds keys of its own, which are not the surface's. */
const metadata = ["169.254.169.254", "fd00:ec2::254"] as const;

/** What is reached, by any of the processes: bounded by addresses where the ceiling names addresses only. */
export function networkDirectives(
  set: Permissions,
  { boxed, networked }: UnitCeiling,
  relaxations: readonly Relaxation[],
  unsaid: string[],
): readonly Directive[] {
  const families = [
    directive(
      "RestrictAddressFamilies",
      "AF_UNIX",
      "Launcher, runner and agents talk over sockets.",
    ),
    ...boxed.length === 0 ? [] : [
      directive(
        "RestrictAddressFamilies",
        "AF_NETLINK",
        "bubblewrap brings up the loopback of a box without a network.",
      ),
    ],
    ...added("RestrictAddressFamilies", relaxations.filter(({ value }) => value !== "AF_UNIX")),
  ];
  if (!usesNetwork(set) && networked.length === 0) {
    return [directive("PrivateNetwork", "yes"), directive("IPAddressDeny", "any"), ...families];
  }
  const connect = readHosts(set.connect);
  const hosts = [...connect.hosts, ...readHosts(set.listen).hosts];
  const addresses = [...new Set(hosts.flatMap((host) => host.addresses))].sort();
  const names = [...connect.names, ...connect.unreadable];
  const open = [
    ...networked.length === 0 ? [] : [`${networked.join(", ")} may reach anything from a box`],
    ...names.length === 0 ? [] : [`IPAddressAllow knows no host names: ${names.join(", ")}`],
    ...addresses.some(isAnyAddress) ? ["clients may come from anywhere"] : [],
  ];
  if (open.length > 0) {
    unsaid.push(`every address but the metadata's can be reached: ${open.join("; ")}`);
  }
  const granted = new Set(addresses);
  return [
    ...open.length === 0
      ? [
        directive("IPAddressDeny", "any"),
        ...addresses.map((address) => directive("IPAddressAllow", address)),
        ...addresses.every(isLoopback) ? [directive("RestrictNetworkInterfaces", "lo")] : [],
      ]
      : metadata.filter((address) => !granted.has(address)).map((address) =>
        directive(
          "IPAddressDeny",
          address,
          "A cloud's machine finds keys of its own there. In force where systemd was built with BPF.",
        )
      ),
    directive("RestrictAddressFamilies", "AF_INET"),
    directive("RestrictAddressFamilies", "AF_INET6"),
    ...families,
  ];
}
