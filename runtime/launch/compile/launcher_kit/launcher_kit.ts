import { RefusedError, UsageError } from "../../../../engine/errors.ts";
import type { TokenForm } from "../../../../engine/events/token_form.ts";
import type { Lock } from "../../../../engine/permissions/lock/lock.ts";
import { renderLauncherUnit } from "../../../../engine/permissions/render/launcher_unit/launcher_unit.ts";
import { lockHint } from "../../choose_ceilings.ts";
import type { DeployPlaces } from "../deploy_places.ts";
import type { OpenKitRequest } from "../deploy_request.ts";
import { currentVersions, type KitVersions } from "../kit.ts";

/**
 * What a machine needs to start an open surface, which is planned anew at each start: the launcher with
 * everything that it starts, the pipelines, and of the lock the part that speaks of this surface.
 */
export interface LauncherKit {
  readonly surface: string;
  /** What the surface is for, in one line. */
  readonly note: string;
  /** Its pipelines; with more than one, a start names which. */
  readonly pipelines: readonly string[];
  /** What the start script writes to standard output. */
  readonly tokens: TokenForm;
  /** Where the machine keeps the runs; absolute. */
  readonly runs: string;
  /** Where the kit lies on the machine, for its unit; absolute. Its scripts work anywhere. */
  readonly home: string;
  /** The text of its systemd unit, where the surface stays up. */
  readonly unit?: string;
  readonly versions: KitVersions;
}

/**
 * Lets a kit of an open surface be made. Nothing is granted by that: each start is held to the ceiling
 * in the lock, which is part of the kit.
 *
 * @throws RefusedError where the lock has no such open surface
 * @throws UsageError for options that mean nothing for it
 */
export function admitLauncherKit(
  { surface, tokens, version, served }: OpenKitRequest,
  { runs, binary, programs, prefix }: DeployPlaces,
  lock: Lock,
): LauncherKit {
  const locked = Object.hasOwn(lock.surfaces, surface) ? lock.surfaces[surface] : undefined;
  if (locked?.kind !== "open") {
    const what = locked === undefined ? "does not have it" : "says that it is fixed";
    throw new RefusedError(`the surface ${surface} is open, and permissions.lock.json ${what}`, {
      hint: `nothing was written; ${lockHint}`,
    });
  }
  const given = binary ? "--binary" : Object.keys(programs).length > 0 ? "--program" : undefined;
  if (given !== undefined) {
    throw new UsageError(`${given} is for fixed surfaces, and ${surface} is open`, {
      hint: "leave it out: a kit of an open surface is a folder, and finds programs when it starts",
    });
  }
  const { note = "", pipelines, ceiling } = locked;
  const home = `${prefix}/${surface}`;
  const unit = served &&
    renderLauncherUnit({ surface, summary: note, ceiling, served, home, runs }).text;
  return {
    ...{ surface, note, pipelines, tokens, runs, home },
    ...unit === undefined ? {} : { unit },
    versions: currentVersions(version),
  };
}

/** What the lock says of one surface, as a lock that says nothing else. */
export function lockOfSurface(lock: string, surface: string): string {
  const { schemaVersion, surfaces } = JSON.parse(lock);
  return `${
    JSON.stringify(
      { schemaVersion, ad_hoc: { ceiling: {} }, surfaces: { [surface]: surfaces[surface] } },
      null,
      2,
    )
  }\n`;
}
