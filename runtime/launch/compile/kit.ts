import type { Permissions } from "../../../engine/permissions/permissions.ts";

/**
 * What a machine needs to run one surface by itself: no launcher, no checkout, no network, no cache.
 * A kit is a folder; `kitFiles` says what is in it.
 */
export interface Kit {
  readonly form: KitForm;
  /** Name of the surface, such as `upgrade`. */
  readonly surface: string;
  /** What the surface is for, in one line. */
  readonly note: string;
  /** Exactly what its process is given, beside the folder of its runs and the kit's own plan. */
  readonly set: Permissions;
  /** The name of the set, as `sluice plan` prints it. */
  readonly setDigest: string;
  /** The resolved pipeline; the runner reads it. */
  readonly plan: unknown;
  /** Where each program of the set that has a bare name is on the machine. */
  readonly programs: Readonly<Record<string, string>>;
  /** Where the machine keeps the runs; absolute. */
  readonly runs: string;
  /** Where the kit lies on the machine, for its unit; absolute. Its start script works anywhere. */
  readonly home: string;
  readonly versions: KitVersions;
}

/**
 * `folder`: Deno, the runner as one file, and the plan beside it. `binary`: one file with all three
 * and the flags in it, where the runtime for that can be had.
 */
export type KitForm = "folder" | "binary";

/** What a kit was made by and for. */
export interface KitVersions {
  readonly sluice: string;
  readonly deno: string;
  readonly v8: string;
  /** The machine's architecture and system, such as `x86_64-unknown-linux-gnu`. */
  readonly target: string;
}

/** What makes a kit now, and for what. */
export function currentVersions(sluice: string): KitVersions {
  const { deno, v8 } = Deno.version;
  return { sluice, deno, v8, target: Deno.build.target };
}

/** Name of the unit of a surface, without `.service`. */
export function unitName(surface: string): string {
  return `sluice-${surface}`;
}
