import type { Permissions } from "../permissions.ts";
import type { Relaxation } from "../program_needs.ts";
import { showCommand } from "../show_command.ts";
import type { RenderedSurface, Rendering } from "./rendering.ts";
import { networkDirectives } from "./systemd_network.ts";
import { pathDirectives, writtenPaths } from "./systemd_paths.ts";
import { deviceDirectives } from "./systemd_devices.ts";
import { added, relaxationsOf, relaxed } from "./systemd_relax.ts";
import { type Directive, directive, execWord, oneLine, showSection } from "./systemd_unit.ts";
import { unsaidComment } from "./unsaid_comment.ts";

/**
 * A systemd unit (systemd 252 or later) that holds a surface to its set: a root folder with nothing in
 * it but what is declared, the addresses that are declared, no capability, no system call that Deno
 * and V8 do not need. A directive that is less strict than it could be says who needs that.
 *
 * The command is `surface.exec`; without a `surface.user`, the unit makes up a user where all that is
 * written is in folders which systemd makes, and runs as `sluice-NAME` elsewhere.
 */
export function renderSystemd(surface: RenderedSurface): Rendering {
  const unsaid: string[] = [];
  const name = surface.name.replaceAll(/[^A-Za-z0-9_.-]/g, "-");
  // By env, so that the unit can be verified where the start script is not installed.
  const exec = surface.exec ?? ["/usr/bin/env", `/usr/lib/sluice/${surface.name}/start`];
  const root = `/run/sluice/${name}`;
  const relaxations = relaxationsOf(surface.set);
  sayPrograms(surface.set, unsaid);
  const service = [
    startDirectives(exec, root),
    environmentDirectives(surface, name),
    userDirectives(surface, name, relaxations),
    ...pathDirectives(surface, root, exec, unsaid),
    networkDirectives(surface.set, relaxations, unsaid),
    kernelDirectives(exec, relaxations),
  ];
  const text = [
    `# Made by sluice permissions ${surface.name} --as systemd: change the surface, not this file.\n`,
    showSection("Unit", [[
      directive("Description", oneLine(`Sluice: ${surface.summary || surface.name}`)),
      ...(surface.set.connect.length + surface.set.listen.length === 0
        ? []
        : [directive("After", "network.target")]),
    ]]),
    showSection("Service", service),
    showSection("Install", [[directive("WantedBy", "multi-user.target")]]),
  ];
  return { text: text.join("\n") + unsaidComment("unit", unsaid), unsaid };
}

function startDirectives(exec: readonly string[], root: string): readonly Directive[] {
  return [
    directive("Type", "exec"),
    directive("ExecStartPre", `+/usr/bin/mkdir -p -m 0755 ${root}`, "The empty root, below."),
    directive("RootDirectoryStartOnly", "yes"),
    directive("WorkingDirectory", "-/"),
    directive("ExecStart", exec.map(execWord).join(" ")),
    directive("KillMode", "mixed", "The runner alone is asked to stop: it undoes what it did."),
    directive("TimeoutStopSec", "10min"),
    ...(exec.includes("--go-on")
      ? [directive("Restart", "on-abnormal", "A run that was killed is gone on with.")]
      : []),
  ];
}

function environmentDirectives({ set }: RenderedSurface, name: string): readonly Directive[] {
  const own = directive("Environment", "DENO_NO_UPDATE_CHECK=1 DENO_DIR=/tmp/deno");
  if (set.env.length === 0) return [own];
  const names = [...set.env].sort().join(", ");
  return [
    own,
    directive("EnvironmentFile", `-/etc/sluice/${name}.env`, `For ${names}; nothing else is read.`),
  ];
}

function userDirectives(
  { set, user }: RenderedSurface,
  name: string,
  relaxations: readonly Relaxation[],
): readonly Directive[] {
  const own = user ?? `sluice-${name}`;
  const root = relaxations.some((each) => each.directive === "User");
  const bound = writtenPaths(set).filter(({ kind }) => kind === "bound").map(({ path }) => path);
  const made = !root && user === undefined && bound.length === 0;
  const owner = bound.length === 0
    ? []
    : [`It has to own ${bound.join(", ")}: no user made up at each start can.`];
  const who = root
    ? [relaxed("User", "root", relaxations)]
    : made
    ? [directive("DynamicUser", "yes"), directive("User", own)]
    : [directive("User", own, ...owner)];
  return [
    ...who,
    ...added("SupplementaryGroups", relaxations),
    directive("UMask", "0077"),
    directive("NoNewPrivileges", "yes"),
    relaxed("CapabilityBoundingSet", "", relaxations),
    directive("AmbientCapabilities", ""),
    relaxed("PrivateUsers", "yes", relaxations),
  ];
}

function kernelDirectives(
  exec: readonly string[],
  relaxations: readonly Relaxation[],
): readonly Directive[] {
  const jitless = exec.some((word) => word.startsWith("--v8-flags=") && word.includes("--jitless"));
  return [
    ...deviceDirectives(relaxations),
    relaxed("ProcSubset", "pid", relaxations),
    relaxed("ProtectHostname", "yes", relaxations),
    directive("ProtectClock", "yes"),
    directive("ProtectControlGroups", "yes"),
    directive("ProtectKernelLogs", "yes"),
    directive("ProtectKernelModules", "yes"),
    directive("ProtectKernelTunables", "yes"),
    directive("LockPersonality", "yes"),
    jitless
      ? directive("MemoryDenyWriteExecute", "yes")
      : directive("MemoryDenyWriteExecute", "no", "V8 makes machine code while it runs."),
    directive("RestrictNamespaces", "yes"),
    directive("RestrictRealtime", "yes"),
    directive("RestrictSUIDSGID", "yes"),
    directive("LimitCORE", "0"),
    directive("SystemCallArchitectures", "native"),
    directive("SystemCallFilter", "@system-service"),
    directive("SystemCallFilter", "~@privileged @resources"),
    ...added("SystemCallFilter", relaxations),
    directive("SystemCallErrorNumber", "EPERM"),
  ];
}

function sayPrograms({ run }: Permissions, unsaid: string[]): void {
  const brokered = run.filter((grant) => grant.brokered === true);
  const started = run.filter((grant) => grant.brokered !== true);
  if (started.length > 0) {
    const list = started.map(showCommand).join("; ");
    unsaid.push(`a unit knows no arguments of programs: Sluice checks ${list}`);
  }
  if (brokered.length > 0) {
    const list = brokered.map(({ program }) => program).join(", ");
    unsaid.push(`a unit has no launcher that could start brokered programs: ${list}`);
  }
}
