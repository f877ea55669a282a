import type { ExitCode } from "../../../engine/errors.ts";
import type { KitFile } from "./kit_files.ts";

/** What the process that writes is asked for: one line of JSON on its standard input. */
export type WriterJob = StageJob | PlaceJob | InstallJob | UninstallJob;

/** Put aside, as {@linkcode asideOf} says, what a program of the kit is then made of. */
export interface StageJob {
  readonly kind: "stage";
  readonly folder: string;
  /** None: remove what was put there. */
  readonly files: readonly KitFile[];
}

/** Make a kit's folder, in place of an older one that was made so too. */
export interface PlaceJob {
  readonly kind: "place";
  readonly folder: string;
  readonly content: KitContent;
}

/** Put a kit beside an installed one, then let the unit name the new one. */
export interface InstallJob {
  readonly kind: "install";
  /** Holds a folder for each kit of the surface. */
  readonly folder: string;
  /** Name of the new kit's folder. */
  readonly id: string;
  readonly content: KitContent;
  readonly unit: UnitPlace;
}

/** Remove what was installed, and nothing else. */
export interface UninstallJob {
  readonly kind: "uninstall";
  readonly folder: string;
  readonly unit: UnitPlace;
}

/** Where systemd looks for the unit: an absolute path. */
export interface UnitPlace {
  readonly folder: string;
  readonly name: string;
}

export interface KitContent {
  readonly files: readonly KitFile[];
  /** The program of the kit: copied from a path, or made where the kit is put together. */
  readonly program: { readonly name: string; readonly from?: string };
}

/** How it went: one line of JSON on standard output. */
export type WriterResult =
  /** `kept`: files that somebody changed, and that were left alone. */
  | { readonly kind: "done"; readonly kept: readonly string[] }
  | { readonly kind: "fault"; readonly exit: ExitCode; readonly message: string; hint?: string };

/** Where a kit is put together before it takes its place, and where the one before it is put. */
export function asideOf(folder: string): { readonly next: string; readonly last: string } {
  const at = folder.lastIndexOf("/") + 1;
  const [parent, name] = [folder.slice(0, at), folder.slice(at)];
  return { next: `${parent}.${name}.sluice-next`, last: `${parent}.${name}.sluice-last` };
}

/** The unit's file while it is written. */
export function unitAside({ folder, name }: UnitPlace): string {
  return `${folder}/.${name}.sluice-next`;
}
