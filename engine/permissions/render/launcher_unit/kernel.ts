import type { Relaxation } from "../../program_needs.ts";
import { deviceDirectives } from "../systemd_devices.ts";
import { added, relaxed } from "../systemd_relax.ts";
import { type Directive, directive } from "../systemd_unit.ts";
import type { UnitCeiling } from "./unit_ceiling.ts";

/** Why a directive is off that puts mounts over parts of `/proc`. */
const proc = "The kernel mounts a /proc in a box only where nothing lies on top of this one's.";

/** What bubblewrap separates with `--unshare-all`. */
const namespaces = "user mnt pid net ipc uts cgroup";

/**
 * What the kernel is asked for. Where the launcher makes boxes, bubblewrap has to be able to: user
 * namespaces, mounts in them, and a whole `/proc`. `tests/system/par_unit_test.ts` takes each of
 * these away, and sees that there is no box then.
 */
export function kernelDirectives(
  { boxed }: UnitCeiling,
  relaxations: readonly Relaxation[],
): readonly Directive[] {
  const boxes = boxed.length > 0;
  const whole = (key: string) => boxes ? directive(key, "no", proc) : directive(key, "yes");
  return [
    ...deviceDirectives(relaxations),
    boxes
      ? directive("ProcSubset", "all", "bubblewrap reads /proc/sys/kernel/overflowuid.")
      : relaxed("ProcSubset", "pid", relaxations),
    directive("ProtectClock", "yes"),
    directive("ProtectControlGroups", "yes"),
    directive("ProtectKernelModules", "yes"),
    whole("ProtectHostname"),
    whole("ProtectKernelLogs"),
    whole("ProtectKernelTunables"),
    directive("LockPersonality", "yes"),
    directive("MemoryDenyWriteExecute", "no", "V8 makes machine code while it runs."),
    boxes
      ? directive(
        "RestrictNamespaces",
        namespaces,
        "bubblewrap makes a box of these, as the unit's user, who is root nowhere else.",
      )
      : directive("RestrictNamespaces", "yes"),
    directive("RestrictRealtime", "yes"),
    directive("RestrictSUIDSGID", "yes"),
    directive("LimitCORE", "0"),
    directive("SystemCallArchitectures", "native"),
    directive("SystemCallFilter", "@system-service"),
    directive("SystemCallFilter", "~@privileged @resources syslog"),
    ...boxes
      ? [
        directive(
          "SystemCallFilter",
          "mount umount2 pivot_root capset",
          "bubblewrap fills a box, and gives up in it what the namespace gave.",
        ),
      ]
      : [],
    ...added("SystemCallFilter", relaxations),
    directive("SystemCallErrorNumber", "EPERM"),
  ];
}
