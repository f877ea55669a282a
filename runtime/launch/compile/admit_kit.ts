import { BugError, RefusedError } from "../../../engine/errors.ts";
import { digestOf } from "../../../engine/permissions/digest.ts";
import { expand } from "../../../engine/permissions/expand.ts";
import { isEmpty } from "../../../engine/permissions/is_empty.ts";
import { minus } from "../../../engine/permissions/minus.ts";
import { pathCovers } from "../../../engine/permissions/path.ts";
import { type Permissions, permissions } from "../../../engine/permissions/permissions.ts";
import { runFolderWord } from "../../../engine/permissions/run_folder.ts";
import { union } from "../../../engine/permissions/union.ts";
import { lockHint } from "../choose_ceilings.ts";
import { findPrograms } from "../find_programs.ts";
import { judge } from "../judge.ts";
import { refuseEscapes } from "../refuse_escapes.ts";
import { showMissing } from "../show_missing.ts";
import type { DeployPlaces } from "./deploy_places.ts";
import type { KitRequest } from "./deploy_request.ts";
import type { DeployWorld } from "./deploy.ts";
import { currentVersions, type Kit } from "./kit.ts";

/**
 * Lets a kit be made where the lock allows its set: for a fixed surface exactly the locked one, no
 * less; for an open one whatever its ceiling covers. What a launcher would do for a run nobody does on
 * the machine: a set with brokered programs is refused.
 *
 * @throws RefusedError
 * @throws FailedError when a program of the set is nowhere, and nobody said where it will be
 */
export function admitKit(
  { surface, plan, permissions: set, file, version }: KitRequest,
  to: DeployPlaces,
  { lock, places: here }: DeployWorld,
): Kit {
  const places = { ...here, runs: to.runs };
  const judged = judge({ permissions: set, file, surface }, lock, places);
  if (!judged.allowed) {
    const lacks = isEmpty(judged.missing) ? "" : `:\n${showMissing(judged.missing)}`;
    throw new RefusedError(judged.why + lacks, { hint: `nothing was written; ${lockHint}` });
  }
  const locked = lock.surfaces[surface]!;
  if (locked.kind === "fixed") requireAll(expand(locked.set, places), set, surface);
  else if (to.output !== undefined) {
    throw new BugError(`the surface ${surface} is open, and the planner fixed it`);
  }
  refuseBrokered(set);
  const names = new Set(set.run.map(({ program }) => program));
  const told = Object.fromEntries(Object.entries(to.programs).filter(([name]) => names.has(name)));
  const rest = { ...set, run: set.run.filter(({ program }) => !Object.hasOwn(told, program)) };
  const programs = { ...findPrograms(rest), ...told };
  refuseEscapes(set, programs, here);
  const home = `${to.prefix}/${surface}`;
  refuseOwnKit(set, home);
  const own = permissions({ read: [runFolderWord], write: [runFolderWord] });
  return {
    form: "folder",
    surface,
    note: locked.note ?? "",
    set,
    setDigest: digestOf(union(own, set)),
    plan,
    programs,
    runs: to.runs,
    home,
    versions: currentVersions(version),
  };
}

/** A lock that grants more than the plan needs is one that nobody wrote anew. */
function requireAll(locked: Permissions, set: Permissions, surface: string): void {
  const more = minus(locked, set);
  if (isEmpty(more)) return;
  throw new RefusedError(
    `the lock grants the surface ${surface} more than it needs now:\n${showMissing(more)}`,
    { hint: "nothing was written; sluice lock writes the set that it needs" },
  );
}

function refuseBrokered(set: Permissions): void {
  const brokered = set.run.filter((grant) => grant.brokered === true);
  if (brokered.length === 0) return;
  const list = brokered.map(({ program }) => program).join(", ");
  throw new RefusedError(`the launcher starts ${list} for a step, and a kit has no launcher`, {
    hint: "leave the step out, run it with sluice run, or give the pipeline an open surface, " +
      "of which sluice compile makes a kit that has one",
  });
}

/** What may write a kit decides how the next one of it is started. */
function refuseOwnKit(set: Permissions, home: string): void {
  const writer = set.write.find((path) => pathCovers(path, home) || pathCovers(home, path));
  if (writer === undefined) return;
  throw new RefusedError(`a step may write ${writer}, and so its own kit in ${home}`, {
    hint: "put kits elsewhere with --prefix",
  });
}
