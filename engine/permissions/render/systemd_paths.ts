import { normalise } from "../normalise.ts";
import { pathCovers } from "../path.ts";
import type { Permissions } from "../permissions.ts";
import { needsOf } from "../program_needs.ts";
import { networkPaths, programPaths } from "../system_paths.ts";
import { readHosts } from "./hosts.ts";
import type { RenderedSurface } from "./rendering.ts";
import { isBeyondMachine, usesNames } from "./systemd_network.ts";
import { type Directive, directive, unitPath } from "./systemd_unit.ts";

/** Folders that systemd makes for a unit, with the user of the unit as their owner. */
const managed: readonly (readonly [parent: string, key: string])[] = [
  ["/var/lib", "StateDirectory"],
  ["/var/cache", "CacheDirectory"],
  ["/var/log", "LogsDirectory"],
];

/** Where systemd puts a written path. */
export type Written =
  | { readonly kind: "managed"; readonly key: string; readonly name: string; readonly path: string }
  /** Below `/tmp` or `/var/tmp`, of which the unit has its own. */
  | { readonly kind: "temporary"; readonly path: string }
  | { readonly kind: "bound"; readonly path: string };

/**
 * What is written. A path below `/var/lib`, `/var/cache` or `/var/log` whose name has no dot is
 * taken for a folder, which systemd can make and give to the unit's user.
 */
export function writtenPaths(set: Permissions): readonly Written[] {
  return normalise(set).write.map((path): Written => {
    if (path === "/tmp" || path === "/var/tmp") return { kind: "temporary", path };
    const found = managed.find(([parent]) => path !== parent && pathCovers(parent, path));
    const name = found && path.slice(found[0].length + 1);
    return name !== undefined && /^[\w@+-]+(\/[\w@+-]+)*$/.test(name)
      ? { kind: "managed", key: found![1], name, path }
      : { kind: "bound", path };
  });
}

/**
 * The part of a unit that says what is seen: a root of its own, in which nothing is but what is
 * declared, programs and libraries; and of those only what may be started is executable.
 */
export function pathDirectives(
  surface: RenderedSurface,
  root: string,
  exec: readonly string[],
  unsaid: string[],
): readonly (readonly Directive[])[] {
  const { set, places } = surface;
  const normal = normalise(set);
  const say = (path: string): string | undefined => {
    const text = unitPath(path);
    if (text === undefined) unsaid.push(`a unit cannot name the path ${JSON.stringify(path)}`);
    return text;
  };
  const lines = (key: string, mark: string, paths: readonly string[]) =>
    [...new Set(paths)].flatMap((path) => {
      const text = say(path);
      if (text === undefined) return [];
      return [directive(key, text.startsWith('"') ? `"${mark}${text.slice(1)}` : mark + text)];
    });

  const written = writtenPaths(set);
  const bound = written.filter(({ kind }) => kind === "bound").map(({ path }) => path);
  const sockets = readHosts([...set.connect, ...set.listen]).sockets;
  const listened = readHosts(set.listen).sockets.map((path) => path.replace(/\/[^/]+$/, "") || "/");
  const known = [...programPaths, ...written.map(({ path }) => path)];
  const beyond = (paths: readonly string[]) =>
    paths.filter((path) => !known.some((parent) => pathCovers(parent, path)));
  const needed = set.run.flatMap((grant) => needsOf(grant).read);
  // A start script lies with all that it starts in a folder of its own, below /usr/lib.
  const own = surface.exec === undefined
    ? []
    : beyond([places.project, places.deno, ...exec.slice(0, 1)]);
  const reads = beyond(normal.read);
  const names = isBeyondMachine(set) ? networkPaths : usesNames(set) ? ["/etc/hosts"] : [];
  const inHome = [...bound, ...reads, ...own].filter((path) =>
    ["/home", "/root", "/run/user"].some((home) => pathCovers(home, path))
  );
  return [
    [
      directive("ProtectSystem", "strict"),
      inHome.length === 0
        ? directive("ProtectHome", "yes")
        : directive("ProtectHome", "tmpfs", ...inHome.map((path) => `${path} is needed`)),
      directive("PrivateTmp", "yes"),
      directive("PrivateMounts", "yes"),
      directive("RootDirectory", root, "Nothing of the machine's files is there but what follows."),
      directive("MountAPIVFS", "yes"),
      ...(set.run.some((grant) => needsOf(grant).read.some((path) => pathCovers("/sys", path)))
        ? []
        : [directive("InaccessiblePaths", "-+/sys")]),
    ],
    lines("BindReadOnlyPaths", "-", [...programPaths, "/etc/localtime", ...own]),
    lines("BindReadOnlyPaths", "-", [...needed, ...beyond(names)]),
    [...lines("BindReadOnlyPaths", "-", reads), ...lines("ReadOnlyPaths", "-+", reads)],
    [
      ...written.flatMap((each) => each.kind === "managed" ? [directive(each.key, each.name)] : []),
      ...lines("BindPaths", "", [...bound, ...listened]),
      ...lines("BindReadOnlyPaths", "-", beyond(sockets)),
      ...lines("ReadWritePaths", "+", [...bound, ...listened]),
    ],
    executables(surface, exec, lines, [...written.map(({ path }) => path), ...reads]),
  ];
}

/** Libraries have to be executable; a program there is started by nothing that is granted. */
const libraries = [
  "/usr/lib",
  "/usr/lib32",
  "/usr/lib64",
  "/usr/libexec",
  "/lib",
  "/lib32",
  "/lib64",
];

function executables(
  surface: RenderedSurface,
  exec: readonly string[],
  lines: (key: string, mark: string, paths: readonly string[]) => readonly Directive[],
  declared: readonly string[],
): readonly Directive[] {
  const { set, programs, places } = surface;
  const started = set.run.flatMap(({ program, brokered }) => {
    const path = program.startsWith("/") ? program : programs[program];
    return brokered === true || path === undefined ? [] : [path];
  });
  const script = exec[0] === places.deno
    ? []
    : [exec[0]!, "/bin/sh", "/usr/bin/sh", "/usr/bin/env"];
  const none = ["/", "/usr", "/bin", "/sbin", "/tmp", "/var/tmp", "/dev/shm", ...declared];
  const [first, ...others] = lines("ExecPaths", "-+", [
    ...[...libraries, "/nix/store", "/run/current-system"],
  ]);
  return [
    ...lines("NoExecPaths", "-+", none),
    { ...first!, because: ["Libraries have to be executable, and so is what lies beside them."] },
    ...others,
    ...lines("ExecPaths", "-+", surface.exec === undefined ? [] : [places.deno]),
    ...lines("ExecPaths", "-+", script).map((each) => ({
      ...each,
      because: ["The command is a script for a shell."],
    })),
    ...lines("ExecPaths", "-+", started),
  ];
}
