import { covers } from "../../engine/permissions/covers.ts";
import type { Lock } from "../../engine/permissions/lock/lock.ts";
import { minus } from "../../engine/permissions/minus.ts";
import { none, type Permissions } from "../../engine/permissions/permissions.ts";
import { union } from "../../engine/permissions/union.ts";
import { chooseCeilings } from "./choose_ceilings.ts";
import type { LaunchPlaces } from "./places.ts";
import type { AskedSet } from "./planner_protocol.ts";
import { realPaths } from "./real_paths.ts";

/** What the lock says of a set. */
export type Judgement =
  & (Permit | Refusal)
  /** What `--accept` would have to say, where a planner asked. */
  & { readonly acceptance?: string };

/** A judgement that says yes. */
export interface Permit {
  readonly allowed: true;
  /** The ceiling that covers it, in words, such as `the surface upgrade`. */
  readonly by: string;
}

/** A judgement that says no. */
export interface Refusal {
  readonly allowed: false;
  /** In words, such as `the ceiling of the surface upgrade does not allow`, with what is missing. */
  readonly why: string;
  /** What the ceiling that came first lacks; empty where there is none to be compared with. */
  readonly missing: Permissions;
  /** The code of steps of others that nobody has accepted, in words. */
  readonly code: readonly string[];
}

/**
 * Whether a ceiling of the lock, or the set of a fixed surface, covers a set as it is spelled and
 * behind links. Code of others is covered by none: the lock has to list it by its digest.
 *
 * @param own what is the engine's need and not the pipeline's
 */
export function judge(
  asked: AskedSet,
  lock: Lock,
  places: LaunchPlaces,
  own: Permissions = none,
): Permit | Refusal {
  const choice = chooseCeilings(lock, asked, places);
  const { code: all = [] } = asked;
  if (choice.kind === "none") {
    return { allowed: false, why: choice.why, missing: none, code: all.map(inWords) };
  }
  const wanted = minus(union(asked.permissions, realPaths(asked.permissions)), own);
  let first: Refusal | undefined;
  for (const { name, ceiling, code: listed } of choice.ceilings) {
    const code = all.filter(({ digest }) => !listed.includes(digest))
      .map(inWords);
    const coverage = covers(ceiling, wanted);
    if (coverage.covered && code.length === 0) return { allowed: true, by: name };
    const missing = coverage.covered ? none : coverage.missing;
    first ??= { allowed: false, why: `${name} does not allow`, missing, code };
  }
  return first ??
    { allowed: false, why: "nothing allows", missing: wanted, code: all.map(inWords) };
}

function inWords({ name, digest }: { readonly name: string; readonly digest: string }): string {
  return `${name} ${digest}`;
}
