import type { ProgramGrant } from "./permissions.ts";
import { networkPaths } from "./system_paths.ts";

/** Directives of a systemd unit that a program may need less strict than they are elsewhere. */
export type RelaxedDirective =
  | "CapabilityBoundingSet"
  | "PrivateDevices"
  | "PrivateUsers"
  | "ProcSubset"
  | "ProtectHostname"
  | "ProtectProc"
  | "RestrictAddressFamilies"
  | "SupplementaryGroups"
  | "SystemCallFilter"
  | "User";

export interface Relaxation {
  readonly directive: RelaxedDirective;
  /** What it has to hold instead, or, where the directive is a list, besides. */
  readonly value: string;
  /** One clause that begins with the program: `systemctl asks the service manager over a socket`. */
  readonly why: string;
}

/** What a program cannot do without, beside its own grant and the paths that every program needs. */
export interface ProgramNeeds {
  /** Files, folders and sockets that it has to see; read-only is enough, for sockets, too. */
  readonly read: readonly string[];
  /** Whether it is of no use without the machine's network. */
  readonly network: boolean;
  readonly relaxes: readonly Relaxation[];
}

const nothing: ProgramNeeds = { read: [], network: false, relaxes: [] };

/**
 * What a known program needs to see in a box or a unit beside the declared paths, and what it needs
 * relaxed. Nothing for a program that is not known: it has to be tried.
 *
 * @example
 * ```ts
 * import { needsOf } from "./program_needs.ts";
 * import assert from "node:assert/strict";
 *
 * const status = { program: "systemctl", args: ["show", "--", "atp-*"], env: [] };
 * assert.ok(needsOf(status).read.includes("/run/dbus"));
 * assert.deepEqual(needsOf({ program: "ln", args: ["**"], env: [] }).read, []);
 * ```
 */
export function needsOf({ program, args }: ProgramGrant): ProgramNeeds {
  const name = program.slice(program.lastIndexOf("/") + 1);
  switch (name) {
    case "systemctl":
      return systemctl(args);
    case "journalctl":
      return {
        read: ["/var/log/journal", "/run/log/journal", "/etc/machine-id"],
        network: false,
        relaxes: [
          relax("SupplementaryGroups", "systemd-journal", "journalctl", "reads the journal"),
        ],
      };
    case "ps":
    case "pgrep":
    case "pidof":
      return {
        ...nothing,
        relaxes: [
          relax("ProtectProc", "default", name, "reports on processes of other users"),
          relax("ProcSubset", "all", name, "reads /proc/stat and /proc/meminfo"),
        ],
      };
    case "free":
    case "uptime":
      return { ...nothing, relaxes: [relax("ProcSubset", "all", name, "reads /proc")] };
    case "findmnt":
      return { ...nothing, read: ["/etc/fstab", "/run/mount"] };
    case "lsblk":
      return {
        ...nothing,
        read: [
          "/run/udev/data",
          "/sys/block",
          "/sys/class/block",
          "/sys/dev/block",
          "/sys/devices",
        ],
        relaxes: [relax("PrivateDevices", "no", "lsblk", "reports on block devices")],
      };
    case "hostname":
      return {
        ...nothing,
        relaxes: [relax("ProtectHostname", "no", name, "may change the name of the machine")],
      };
    case "nft":
      return {
        ...nothing,
        relaxes: [
          relax("RestrictAddressFamilies", "AF_NETLINK", "nft", "asks the kernel for its rules"),
          relax("CapabilityBoundingSet", "CAP_NET_ADMIN", "nft", "asks the kernel for its rules"),
          relax("PrivateUsers", "no", "nft", "needs its capability on the machine itself"),
          relax("User", "root", "nft", "gets no capability otherwise"),
        ],
      };
    case "chown":
    case "chgrp":
    case "cp":
    case "install":
    case "mv":
    case "tar":
      return { ...nothing, relaxes: [relax("SystemCallFilter", "@chown", name, "keeps owners")] };
    case "curl":
    case "wget":
    case "git":
    case "pip":
    case "pip3":
    case "uv":
    case "npm":
      return { ...nothing, read: networkPaths, network: true };
    default:
      return nothing;
  }
}

/** Verbs with which anybody may ask; the others are for root, where no polkit rule says otherwise. */
const asking = new Set([
  ...["show", "status", "is-active", "is-enabled", "is-failed", "is-system-running"],
  ...["list-units", "list-timers", "list-sockets", "list-dependencies"],
]);

function systemctl(args: readonly string[]): ProgramNeeds {
  const verb = args.find((word) => !word.startsWith("-")) ?? "";
  const asks = "asks the service manager over a socket";
  const socket = relax("RestrictAddressFamilies", "AF_UNIX", "systemctl", asks);
  const root = relax("User", "root", `systemctl ${verb}`, "is for root (with no capability here)");
  return {
    // That it is booted with systemd, the manager's own socket for root, and the bus for others.
    read: ["/run/systemd/system", "/run/systemd/private", "/run/dbus"],
    network: false,
    relaxes: asking.has(verb) ? [socket] : [socket, root],
  };
}

function relax(
  directive: Relaxation["directive"],
  value: string,
  program: string,
  clause: string,
): Relaxation {
  return { directive, value, why: `${program} ${clause}` };
}
