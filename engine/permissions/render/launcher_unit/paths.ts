import { pathCovers } from "../../path.ts";
import { networkPaths, programPaths, userPaths } from "../../system_paths.ts";
import { type Directive, directive, unitPath } from "../systemd_unit.ts";
import type { UnitCeiling } from "./unit_ceiling.ts";

/** What can be a name below `/var/lib` for systemd. */
const plainName = /^[\w@+-]+(\/[\w@+-]+)*$/;

/**
 * What is seen: a root of its own with programs, libraries, the kit and the ceiling's folders. Each
 * folder that is written is made by systemd, for the unit's user, wherever it stands in the ceiling.
 */
export function pathDirectives(
  { name, home, ceiling: { read, write, wide, executed } }: {
    readonly name: string;
    readonly home: string;
    readonly ceiling: UnitCeiling;
  },
  unsaid: string[],
): readonly (readonly Directive[])[] {
  const say = (path: string): readonly string[] => {
    const text = unitPath(path);
    if (text === undefined) unsaid.push(`a unit cannot name the path ${JSON.stringify(path)}`);
    return text === undefined ? [] : [text];
  };
  const lines = (key: string, mark: string, paths: readonly string[]) =>
    paths.flatMap(say).map((text) =>
      directive(key, text.startsWith('"') ? `"${mark}${text.slice(1)}` : mark + text)
    );
  const kept = write.filter((path) => !executed.includes(path));
  const kit = programPaths.some((path) => pathCovers(path, home)) ? [] : [home];
  if (wide.length > 0) {
    unsaid.push(
      `of ${wide.join(", ")}, which may be read, only what is written is there: ` +
        "BindReadOnlyPaths= in a drop-in shows more",
    );
  }
  return [
    [
      directive("ProtectSystem", "strict"),
      directive("ProtectHome", "yes"),
      directive("PrivateTmp", "yes"),
      directive("PrivateMounts", "yes"),
      directive(
        "RootDirectory",
        `/run/sluice/${name.replace(/^sluice-/, "")}`,
        "Nothing of the machine's files is there but what follows.",
      ),
      directive("MountAPIVFS", "yes"),
      directive("InaccessiblePaths", "-+/sys"),
    ],
    lines("BindReadOnlyPaths", "-", [...programPaths, "/etc/localtime", ...userPaths, ...kit]),
    lines(
      "BindReadOnlyPaths",
      "-",
      networkPaths.filter((path) =>
        ![...programPaths, ...userPaths].some((other) => pathCovers(other, path))
      ),
    ),
    lines("BindReadOnlyPaths", "-", read),
    write.flatMap((path) => writtenFolder(name, path, say)),
    [
      // What is mounted by itself is not covered by the root.
      ...lines("NoExecPaths", "-+", ["/", "/tmp", "/var/tmp", "/dev/shm", ...read, ...kept]),
      ...[...programPaths.filter((path) => !path.startsWith("/etc")), ...kit].flatMap(say)
        .map((path) =>
          directive(
            "ExecPaths",
            `-+${path}`,
            "In their boxes, programs that may run any code find those of the system.",
          )
        ),
      ...executed.flatMap(say).map((path) =>
        directive("ExecPaths", `-+${path}`, "Programs of the ceiling are there, and libraries.")
      ),
    ],
  ];
}

function writtenFolder(
  name: string,
  path: string,
  say: (path: string) => readonly string[],
): readonly Directive[] {
  const below = path.startsWith("/var/lib/") ? path.slice("/var/lib/".length) : undefined;
  if (below !== undefined && plainName.test(below)) return [directive("StateDirectory", below)];
  const own = `${name}${path}`;
  if (!plainName.test(own)) return say(path).map((text) => directive("BindPaths", text));
  return [
    directive("StateDirectory", own, `${path} is here, as a folder of this unit's user.`),
    ...say(path).map((text) => directive("BindPaths", `/var/lib/private/${own}:${text}`)),
  ];
}
