import { expand } from "../../expand.ts";
import type { Permissions } from "../../permissions.ts";
import type { Rendering } from "../rendering.ts";
import { relaxationsOf } from "../systemd_relax.ts";
import { type Directive, directive, execWord, oneLine, showSection } from "../systemd_unit.ts";
import { unsaidComment } from "../unsaid_comment.ts";
import { kernelDirectives } from "./kernel.ts";
import { networkDirectives } from "./network.ts";
import { pathDirectives } from "./paths.ts";
import type { Served } from "./served.ts";
import { restartDirectives, stopDirectives } from "./stop.ts";
import { unitCeiling, withoutTemporary } from "./unit_ceiling.ts";

/** An open surface that is started by its kit, with the launcher inside of the unit. */
export interface LauncherUnit {
  /** Name of the surface. */
  readonly surface: string;
  readonly summary: string;
  /** As it is in the lock: its paths may begin with `${project}`, `${runs}` and `${tmp}`. */
  readonly ceiling: Permissions;
  readonly served: Served;
  /** Where the kit lies on the machine, and where that keeps the runs; absolute. */
  readonly home: string;
  readonly runs: string;
}

/**
 * A systemd unit (systemd 252 or later) around the launcher of an open surface and all that it starts:
 * runner, boxes, and what is in them. It is as wide as the ceiling, never as one start; the launcher's
 * own boxes, which are as narrow as that, are made inside of it. A directive that is less strict than
 * it could be says who needs that.
 */
export function renderLauncherUnit(unit: LauncherUnit): Rendering {
  const { surface, home, runs, served } = unit;
  const name = `sluice-${surface}`;
  const lasting = withoutTemporary(unit.ceiling);
  const set = expand(lasting, { project: home, runs, tmp: "/tmp" });
  const ceiling = unitCeiling(set, runs);
  const unsaid: string[] = [];
  const relaxations = relaxationsOf(set);
  const service = [
    startDirectives(home, surface),
    stopDirectives(served),
    restartDirectives(served),
    environmentDirectives(unit, set),
    userDirectives(name),
    ...pathDirectives({ name, home, ceiling }, unsaid),
    networkDirectives(set, ceiling, relaxations, unsaid),
    kernelDirectives(ceiling, relaxations),
  ];
  for (const { directive, why } of relaxations) {
    if (["User", "CapabilityBoundingSet", "PrivateUsers"].includes(directive)) {
      unsaid.push(`nothing in this unit is root: ${why}`);
    }
  }
  if (ceiling.boxed.length > 0) {
    unsaid.push(
      "a unit knows no processes: what one of them needs all have, and Sluice's own boxes part them",
    );
  }
  const text = [
    `# ${name}.service: made by Sluice from the ceiling of the surface ${surface}. Do not edit it;\n` +
    `# what you want to add belongs into ${name}.service.d/*.conf.\n`,
    showSection("Unit", [[
      directive("Description", oneLine(`Sluice: ${unit.summary || surface}`)),
      directive("Wants", "network-online.target"),
      directive("After", "network-online.target"),
      ...served.slows
        ? [
          directive(
            "StartLimitIntervalSec",
            "0",
            "It slows down the repetition of failures itself.",
          ),
        ]
        : [],
    ]]),
    showSection("Service", service),
    showSection("Install", [[directive("WantedBy", "multi-user.target")]]),
  ];
  // A path stands in more than one line, and is told of once.
  const told = [...new Set(unsaid)];
  return { text: text.join("\n") + unsaidComment("unit", told), unsaid: told };
}

function startDirectives(home: string, surface: string): readonly Directive[] {
  return [
    directive("Type", "exec"),
    directive(
      "ExecStartPre",
      `+/usr/bin/mkdir -p -m 0755 /run/sluice/${surface}`,
      "The empty root, below.",
    ),
    directive("RootDirectoryStartOnly", "yes"),
    directive("WorkingDirectory", "-/"),
    directive("ExecStart", execWord(`${home}/start`)),
  ];
}

function environmentDirectives(
  { surface, served: { variables, required } }: LauncherUnit,
  { env }: Permissions,
): readonly Directive[] {
  const names = [...new Set([...variables, ...env])].filter((name) => !required.includes(name));
  return [
    directive("Environment", "DENO_NO_UPDATE_CHECK=1 DENO_DIR=/tmp/deno"),
    directive(
      "EnvironmentFile",
      `-/etc/sluice/${surface}.env`,
      ...required.length === 0 ? [] : [`It has to hold ${required.join(", ")};`],
      ...wrap(`${required.length === 0 ? "It" : "it"} may hold ${names.sort().join(", ")}.`),
    ),
  ];
}

/** A comment in lines that can be read. */
function wrap(text: string): readonly string[] {
  return text.match(/.{1,96}(?:\s|$)/g)?.map((line) => line.trim()) ?? [];
}

function userDirectives(name: string): readonly Directive[] {
  return [
    directive("DynamicUser", "yes"),
    directive("User", name),
    directive("UMask", "0077"),
    directive("NoNewPrivileges", "yes"),
    directive("CapabilityBoundingSet", ""),
    directive("AmbientCapabilities", ""),
    directive("PrivateUsers", "yes"),
  ];
}
