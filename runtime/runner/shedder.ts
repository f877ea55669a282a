import {
  type DenoGrant,
  type DenoKind,
  isExact,
  nameOf,
} from "../../engine/permissions/deno_grant.ts";
import type { Shed } from "../../engine/permissions/shed.ts";
import { widerGrants } from "../../engine/permissions/wider_grants.ts";
import { besides, permissionOf } from "./permission_of.ts";

// Taken before any step runs: what a step puts in their place later is not asked.
const { permissions } = Deno;
const query = permissions.querySync.bind(permissions);
const revoke = permissions.revokeSync.bind(permissions);

/** Makes this process narrower, for good. */
export interface Shedder {
  /** Gives up what only the beginning needed; what the set of the run reaches too is kept. */
  begin(grants: readonly DenoGrant[]): void;
  /** @returns what could not be given up, one sentence each, each told once */
  shed(shed: Pick<Shed, "grants" | "kinds">): readonly string[];
}

/**
 * Revokes what it is told to. Flags that somebody wrote by hand may be wider than the set: revoking
 * an entry drops whatever else grants it, and with that what other steps need. So an entry that
 * something unknown grants too is left alone, and told.
 *
 * @param listed what the flags of this process should list: the grants of its set
 */
export function makeShedder(listed: readonly DenoGrant[]): Shedder {
  const known = new Set(listed.map(nameOf));
  /** Asked for and not granted: never again. */
  const absent = new Set<string>();
  const told = new Set<string>();

  const isGranted = (grant: DenoGrant) => {
    const name = nameOf(grant);
    if (absent.has(name)) return false;
    const granted = query(permissionOf(grant)).state === "granted";
    if (!granted) absent.add(name);
    return granted;
  };
  /** What else grants an entry, in words. */
  const widerFlag = (grant: DenoGrant): string | undefined => {
    if (isWhole(grant.kind)) return `all of ${grant.kind}`;
    const unknown = widerGrants(grant).filter((wider) => !known.has(nameOf(wider)));
    const wider = unknown.findLast(isGranted);
    if (wider !== undefined) return `${wider.kind} ${wider.entry}`;
    const beside = besides(grant).filter((each) => !known.has(nameOf(each))).some(isGranted);
    return beside ? `a pattern over ${grant.kind} ${grant.entry}` : undefined;
  };
  const isWhole = (kind: DenoKind) => {
    if (absent.has(kind)) return false;
    const whole = query({ name: kind }).state === "granted";
    if (!whole) absent.add(kind);
    return whole;
  };
  const give = (grant: DenoGrant): readonly string[] => {
    if (!isExact(grant)) return []; // No flag ever granted it.
    const wider = widerFlag(grant);
    if (wider === undefined && revoke(permissionOf(grant)).state !== "granted") return [];
    const what = wider ?? `${grant.kind} ${grant.entry}`;
    if (told.has(what)) return [];
    told.add(what);
    return [
      wider === undefined
        ? `Deno did not give up ${what}`
        : `the flags of this process grant ${what}, which no step declares: ` +
          "what it reaches cannot be given up",
    ];
  };

  return {
    begin(grants) {
      revoke({ name: "import" });
      for (const grant of grants) {
        const reached = known.has(nameOf(grant)) ||
          widerGrants(grant).some((wider) => known.has(nameOf(wider)));
        if (!reached && isGranted(grant)) give(grant);
      }
      told.clear(); // Nobody has heard it.
    },
    shed({ grants, kinds }) {
      for (const kind of kinds) revoke({ name: kind });
      // The widest first, or it would be taken for what grants the others.
      const rest = grants.filter(({ kind }) => !kinds.includes(kind))
        .map((grant) => ({ grant, width: widerGrants(grant).length }))
        .sort((a, b) => a.width - b.width);
      return rest.flatMap(({ grant }) => give(grant));
    },
  };
}
