import { RefusedError } from "../../errors.ts";
import { isPlainPath, pathCovers } from "../path.ts";
import type { Link, Look } from "./look.ts";

/** What has to be in a box. Paths are absolute. */
export interface BoxWants {
  readonly read: readonly string[];
  readonly write: readonly string[];
  /** Sockets that are connected to, or folders of such; and those that are listened on. */
  readonly connect: readonly string[];
  readonly listen: readonly string[];
  /** Read-only, where they are there: libraries, programs, how hosts are found. */
  readonly system: readonly string[];
  /** Read-only whatever may be written above them: code, caches of code, programs. */
  readonly fixed: readonly string[];
  /** Files that are there and are written, never replaced: each is mounted by itself. */
  readonly files?: readonly string[];
  /** Nothing wider than asked for is put in: what cannot be held exactly is refused. */
  readonly exact?: true;
  /**
   * Folders made later than this (milliseconds since 1970) count as missing: a run that goes on gets
   * the box that it began with, in which it may remove and replace what it has made itself.
   */
  readonly since?: number;
}

/** A path of the machine that stands in a box at the same path. */
export interface Mount {
  readonly path: string;
  readonly write: boolean;
  /** Of the system: it need not be there. */
  readonly optional?: true;
}

export interface BoxContents {
  /** In the order of mounting: outer ones first. */
  readonly mounts: readonly Mount[];
  /** Files that are written, each mounted by itself and after all else. */
  readonly files?: readonly string[];
  /** Links that no mount holds, so that paths can be spelled as on the machine. */
  readonly links: readonly Link[];
  /** Where the box holds more, or shows less, than was asked for: one clause each. */
  readonly notes: readonly string[];
}

/** Folders in which anybody's sockets lie: of one that is wanted there, only itself is shown. */
const crowded = ["/", "/run", "/tmp", "/var/tmp"];
/** A box has these of its own. */
const own = ["/proc", "/dev"];

/** A mount that is wanted, before those that others hold are left out. */
interface Wanted extends Mount {
  readonly fixed: boolean;
  /** Whether all below it was asked for, so that nothing narrower need lie on top of it. */
  readonly declared: boolean;
}

/**
 * What is mounted in a box. A folder that is written stands for itself. Anything else that is written
 * is held by the nearest folder above it that is there: a file that is mounted by itself cannot be
 * replaced, and what is not there yet cannot be mounted. Where that is more than was asked for, the
 * notes say so. Everything is mounted at its real path, and links on the way are made again.
 *
 * @throws RefusedError where a write could only be held by the whole disk, or, with `exact`, not
 * exactly
 */
export function contentsOf(wants: BoxWants, look: Look): BoxContents {
  const wanted: Wanted[] = [];
  const written: string[] = [];
  const links = new Map<string, Link>();
  const notes: string[] = [];
  const refused: string[] = [];

  const find = (path: string) => {
    const found = look(path);
    for (const link of found.links) links.set(link.path, link);
    return found;
  };
  const add = (path: string, more: Partial<Wanted> = {}) => {
    const mount = { path, write: false, fixed: false, declared: true, ...more };
    // Nothing read-only may lie on top of what is to be written.
    const inTheWay = !mount.write && !mount.fixed;
    if (inTheWay && written.some((folder) => pathCovers(folder, path))) return;
    wanted.push(mount);
  };
  const write = (path: string) => {
    const found = find(path);
    written.push(found.real);
    const young = wants.since !== undefined && found.kind === "folder" &&
      found.born !== undefined && found.born > wants.since;
    if (found.kind === "folder" && !young) return add(found.real, { write: true });
    if (wants.exact && found.kind !== "missing") return add(found.real, { write: true });
    const folder = found.kind === "missing" ? found.folder : parentOf(found.real);
    if (folder === "/" || wants.exact) return void refused.push(path);
    add(folder, { write: true, declared: false });
    const why = found.kind === "missing" ? "is not there yet" : "has to be replaceable";
    notes.push(`${folder} may be written: ${path} ${why}`);
  };

  // What may be done in a folder of sockets is what was asked for of it, as of any other.
  const isFolder = (path: string) => find(path).kind === "folder";
  const sockets = new Set(wants.connect.filter((path) => !isFolder(path)));
  for (const path of [...wants.write, ...wants.listen]) if (!sockets.has(path)) write(path);
  for (const path of [...wants.read, ...wants.connect]) {
    if (sockets.has(path) || own.some((folder) => pathCovers(folder, path))) continue;
    const found = find(path);
    if (found.kind !== "missing") add(found.real);
    else if (!wanted.some((mount) => pathCovers(mount.path, found.real))) {
      notes.push(`${path} is not there: what is made there later is not seen`);
    }
  }
  for (const path of sockets) {
    const found = find(path);
    const folder = parentOf(found.real);
    const missing = found.kind === "missing";
    if (!crowded.includes(folder) && (!missing || found.folder === folder)) {
      add(folder, { declared: false });
    } else if (missing) notes.push(`the socket ${path} is not there: a later one is not seen`);
    else {
      add(found.real);
      notes.push(`the socket ${path} is shown as it is now: a later one is not seen`);
    }
  }
  for (const path of wants.system) {
    const found = find(path);
    if (found.kind !== "missing") add(found.real, { declared: false, optional: true });
  }
  for (const path of wants.fixed) {
    const found = find(path);
    if (found.kind !== "missing") add(found.real, { fixed: true });
  }
  if (refused.length > 0) throw tooWide(refused, wants.exact === true);
  const mounts = reduce(wanted);
  const files = (wants.files ?? []).map((path) => find(path).real);
  return {
    ...(files.length === 0 ? {} : { files }),
    mounts,
    links: [...links.values()].filter(({ path }) => !mounts.some((m) => pathCovers(m.path, path))),
    notes: [...new Set(notes)],
  };
}

/** Leaves out what another mount shows already, in the same way or in one that was asked for. */
function reduce(wanted: readonly Wanted[]): readonly Mount[] {
  const byPath = new Map<string, Wanted>();
  for (const mount of wanted) {
    const same = byPath.get(mount.path);
    byPath.set(
      mount.path,
      same === undefined ? mount : {
        path: mount.path,
        write: same.write || mount.write,
        fixed: same.fixed || mount.fixed,
        declared: same.declared || mount.declared,
        ...(same.optional && mount.optional ? { optional: true } : {}),
      },
    );
  }
  const fixed = [...byPath.values()].filter((mount) => mount.fixed);
  const kept: Wanted[] = [];
  for (const mount of [...byPath.values()].sort(outerFirst)) {
    const outer = kept.filter(({ path }) => path !== mount.path && pathCovers(path, mount.path))
      .at(-1);
    if (outer === undefined) kept.push(mount);
    else if (mount.fixed) {
      if (outer.write) kept.push(mount);
    } else if (mount.write) {
      // Below what is fixed nothing is written, whether or not a wider mount shows that already.
      if (!outer.write && !fixed.some(({ path }) => pathCovers(path, mount.path))) kept.push(mount);
    } else if (outer.write && !outer.declared) kept.push(mount);
  }
  return kept.map(({ path, write, fixed, optional }) => ({
    path,
    write: write && !fixed,
    ...(optional ? { optional } : {}),
  }));
}

function outerFirst(a: Mount, b: Mount): number {
  return a.path.split("/").length - b.path.split("/").length || (a.path < b.path ? -1 : 1);
}

function tooWide(paths: readonly string[], exact: boolean): RefusedError {
  const list = paths.join(", ");
  if (exact) {
    return new RefusedError(`no box holds exactly what is to be written: ${list} is not there`, {
      hint: `make it first: mkdir -p ${list}`,
    });
  }
  return new RefusedError(
    `no box holds ${list} alone: the nearest folder that is there is the whole disk`,
    { hint: `make the folder first: mkdir -p ${[...new Set(paths.map(folderToMake))].join(" ")}` },
  );
}

function folderToMake(path: string): string {
  const folder = parentOf(path);
  return folder === "/" ? path : folder;
}

function parentOf(path: string): string {
  return isPlainPath(path) ? path.slice(0, path.lastIndexOf("/")) || "/" : path;
}
