import { mapGrants } from "../../grants.ts";
import { normalise } from "../../normalise.ts";
import { pathCovers } from "../../path.ts";
import type { Permissions } from "../../permissions.ts";
import { programPaths } from "../../system_paths.ts";

/** What a ceiling comes to for everything that a launcher starts, its boxes included. */
export interface UnitCeiling {
  /** All that is written: by the runner, and by brokered programs in boxes of their own. */
  readonly write: readonly string[];
  /** What is read beside that and the system's programs. */
  readonly read: readonly string[];
  /** What is read and holds something that is written: too wide to be shown whole. */
  readonly wide: readonly string[];
  /** What is written and holds a program of the ceiling: libraries are loaded from there, too. */
  readonly executed: readonly string[];
  /** Programs that start in a box of their own. */
  readonly boxed: readonly string[];
  /** Those of them that are on the network, wherever that leads. */
  readonly networked: readonly string[];
}

const temporary = /(^|[:=])\$\{tmp\}/;

/**
 * A ceiling without what is below `${tmp}`: a unit has a folder for temporary files of its own, in
 * which nothing lies that others made.
 */
export function withoutTemporary(ceiling: Permissions): Permissions {
  const lasting = (entries: readonly string[]) => entries.filter((one) => !temporary.test(one));
  return mapGrants(
    ceiling,
    lasting,
    (grants) =>
      grants.filter(({ program, args }) => ![program, ...args].some((one) => temporary.test(one)))
        .map((grant) =>
          grant.box === undefined ? grant : {
            ...grant,
            box: { ...grant.box, read: lasting(grant.box.read), write: lasting(grant.box.write) },
          }
        ),
  );
}

/**
 * What a unit around a launcher has to hold, of a ceiling with real paths.
 *
 * @param runs where the launcher keeps its runs
 */
export function unitCeiling(ceiling: Permissions, runs: string): UnitCeiling {
  const boxes = ceiling.run.flatMap((grant) => grant.box === undefined ? [] : [grant]);
  const all = normalise({
    ...ceiling,
    read: [...ceiling.read, ...boxes.flatMap(({ box }) => box!.read)],
    write: [...ceiling.write, ...boxes.flatMap(({ box }) => box!.write), runs],
  });
  const below = (path: string, folders: readonly string[]) =>
    folders.some((folder) => pathCovers(folder, path));
  const reads = all.read.filter((path) => !below(path, [...programPaths, ...all.write]));
  const wide = reads.filter((path) => all.write.some((written) => pathCovers(path, written)));
  // A module of TypeScript is read by Deno, and never executed.
  const programs = ceiling.run.filter(({ deno }) => deno === undefined)
    .map(({ program }) => program);
  const names = (grants: typeof boxes) => [...new Set(grants.map(({ program }) => program))];
  return {
    write: all.write,
    read: reads.filter((path) => !wide.includes(path)),
    wide,
    executed: all.write.filter((path) => programs.some((program) => pathCovers(path, program))),
    boxed: names(boxes),
    networked: names(boxes.filter(({ box }) => box!.network)),
  };
}
