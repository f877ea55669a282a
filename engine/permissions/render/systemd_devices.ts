import type { Relaxation } from "../program_needs.ts";
import { relaxed } from "./systemd_relax.ts";
import { type Directive, directive } from "./systemd_unit.ts";

/** No devices, nothing shared with other processes in memory or keyrings, and no sight of them. */
export function deviceDirectives(relaxations: readonly Relaxation[]): readonly Directive[] {
  return [
    relaxed("PrivateDevices", "yes", relaxations),
    directive("DevicePolicy", "closed"),
    directive("PrivateIPC", "yes"),
    directive("RemoveIPC", "yes"),
    directive("KeyringMode", "private"),
    relaxed("ProtectProc", "invisible", relaxations),
  ];
}
