import { FailedError } from "../../engine/errors.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import { systemFolders } from "../../engine/permissions/system_paths.ts";
import { realPath } from "./real_paths.ts";

/** The packages of the programs that shipped steps use, as Debian names them. */
const packages: Readonly<Record<string, string>> = {
  ln: "coreutils",
  systemctl: "systemd",
  journalctl: "systemd",
};

/** Where a program is. */
export interface FoundProgram {
  /** As it is started: in the first of the folders that has it. */
  readonly path: string;
  /** The same behind links. */
  readonly real: string;
}

/** The programs of those names that are installed. */
export function findInstalled(
  names: readonly string[],
  folders: readonly string[] = systemFolders,
): Readonly<Record<string, FoundProgram>> {
  const found = new Map<string, FoundProgram>();
  for (const name of names) {
    const path = /^[A-Za-z0-9][A-Za-z0-9._+-]*$/.test(name)
      ? folders.map((folder) => `${folder}/${name}`).find(isProgram)
      : undefined;
    if (path !== undefined) found.set(name, { path, real: realPath(path) });
  }
  return Object.fromEntries(found);
}

/**
 * Where each program of a set is that has a bare name.
 *
 * @throws FailedError for those that are nowhere
 */
export function findPrograms(
  set: Permissions,
  folders: readonly string[] = systemFolders,
): Readonly<Record<string, string>> {
  const names = [
    ...new Set(set.run.map(({ program }) => program).filter((name) => !name.startsWith("/"))),
  ];
  const found = findInstalled(names, folders);
  const missing = names.filter((name) => !Object.hasOwn(found, name));
  if (missing.length > 0) {
    const wanted = missing.map((name) =>
      Object.hasOwn(packages, name) ? packages[name]! : `the package with ${name}`
    );
    throw new FailedError(`not installed on this machine: ${missing.join(", ")}`, {
      hint: `install ${[...new Set(wanted)].join(", ")}; programs are looked for in ${
        folders.join(", ")
      } only`,
    });
  }
  return Object.fromEntries(Object.entries(found).map(([name, { path }]) => [name, path]));
}

function isProgram(path: string): boolean {
  try {
    const { isFile, mode } = Deno.statSync(path);
    return isFile && ((mode ?? 0) & 0o111) !== 0;
  } catch {
    return false;
  }
}
