import type { Permissions } from "../permissions.ts";
import { needsOf, type Relaxation, type RelaxedDirective } from "../program_needs.ts";
import { type Directive, directive } from "./systemd_unit.ts";

/** What a set needs less strict, by its programs and the kinds of `sys`. */
export function relaxationsOf({ run, sys, connect }: Permissions): readonly Relaxation[] {
  const ofSystem = sys.flatMap((kind): readonly Relaxation[] => {
    const because = (directive: RelaxedDirective, value: string, clause: string) => ({
      directive,
      value,
      why: `sys ${kind} ${clause}`,
    });
    switch (kind) {
      case "loadavg":
      case "systemMemoryInfo":
      case "osUptime":
      case "cpus":
        return [because("ProcSubset", "all", "reads /proc")];
      case "networkInterfaces":
        return [because("RestrictAddressFamilies", "AF_NETLINK", "asks the kernel")];
      default:
        return [];
    }
  });
  const sockets = connect.filter((entry) => entry.startsWith("unix:")).map((entry): Relaxation => ({
    directive: "RestrictAddressFamilies",
    value: "AF_UNIX",
    why: `${entry} is connected to`,
  }));
  return [...run.flatMap((grant) => needsOf(grant).relaxes), ...ofSystem, ...sockets];
}

/** The line of a directive with one value: the strict one, or what somebody needs, with who and why. */
export function relaxed(
  key: RelaxedDirective,
  strict: string,
  relaxations: readonly Relaxation[],
): Directive {
  const found = relaxations.filter((each) => each.directive === key);
  return directive(key, found[0]?.value ?? strict, ...found.map(({ why }) => why));
}

/** The values that a list has to hold besides, each with who needs it and why. */
export function added(
  key: RelaxedDirective,
  relaxations: readonly Relaxation[],
): readonly Directive[] {
  const found = relaxations.filter((each) => each.directive === key);
  return [...Map.groupBy(found, ({ value }) => value)].map(([value, all]) =>
    directive(key, value, ...all.map(({ why }) => why))
  );
}
