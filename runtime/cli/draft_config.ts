import type { Diagnostic } from "../../engine/diagnostic.ts";
import { FailedError } from "../../engine/errors.ts";
import { grantId } from "../../engine/permissions/grant.ts";
import { comparePart, type LockDifference } from "../../engine/permissions/lock/compare_locks.ts";
import { editJson } from "../../engine/permissions/lock/edit_json.ts";
import { placesOfGrants, spanAt } from "../../engine/permissions/lock/entry_places.ts";
import { type JsonNode, jsonValue, memberOf } from "../../engine/permissions/lock/json_node.ts";
import { parseJson } from "../../engine/permissions/lock/parse_json.ts";
import type {
  WrittenGrant,
  WrittenLock,
  WrittenSurface,
} from "../../engine/permissions/lock/written_lock.ts";
import {
  denoConfigFile,
  denoKey,
  denoSet,
  grantsOfDenoSet,
} from "../../engine/surface/deno_sets.ts";
import type { SurfacePlaces } from "../../engine/surface/draft_lock.ts";
import { judgeExcess } from "../../engine/surface/judge_excess.ts";
import type { FoundProgram } from "../launch/find_programs.ts";
import type { PlannerContext } from "../launch/planner_protocol.ts";

/** `deno.json` as it is, and as `sluice lock` would write it. */
export interface ConfigDraft {
  readonly before: string;
  readonly after: string;
  readonly differences: readonly LockDifference[];
  /** What a reviewer would object to in a set as it lies, and not in the set as it would be. */
  readonly findings: readonly Diagnostic[];
  /** Where its sets are, by what differences call them. */
  readonly places: ReadonlyMap<string, SurfacePlaces>;
}

const key = "permissions";

/**
 * The named permission sets of `deno.json`: one for each fixed surface. Sets of other names are left
 * alone, but for those of surfaces that the lock had.
 *
 * @param before the lock as it is
 */
export async function draftConfig(
  lock: WrittenLock,
  before: WrittenLock | undefined,
  installed: Readonly<Record<string, FoundProgram>>,
  { project }: PlannerContext,
): Promise<ConfigDraft> {
  const text = await readConfig(`${project}/${denoConfigFile}`);
  const root = parseJson(text, denoConfigFile);
  const sets = memberOf(root, key);
  const fixed = lock.surfaces.filter(({ kind }) => kind === "fixed");
  const gone = (before?.surfaces ?? []).filter(({ kind, name }) =>
    kind === "fixed" && !fixed.some((surface) => surface.name === name)
  );
  let after = text;
  const differences: LockDifference[] = [];
  const findings: Diagnostic[] = [];
  const places = new Map<string, SurfacePlaces>();
  const setOf = (surface: WrittenSurface | undefined) =>
    surface && denoSet(surface, spelled(surface, memberOf(sets, surface.name), installed));
  const edit = (name: string, surface: WrittenSurface | undefined) => {
    const old = memberOf(sets, name);
    const value = setOf(surface);
    const called = `${denoConfigFile} ${name}`;
    const is = old === undefined ? undefined : jsonValue(old);
    if (JSON.stringify(is) === JSON.stringify(value)) return;
    after = editJson(after, [key, name], value, denoConfigFile);
    // What follows from the lock is told there.
    const locked = setOf(before?.surfaces.find((one) => one.kind === "fixed" && one.name === name));
    if (JSON.stringify(is) === JSON.stringify(locked)) return;
    const [grants, meant] = [grantsOfDenoSet(is), grantsOfDenoSet(value)];
    const part = (grants: readonly WrittenGrant[] | undefined) => grants && { grants, accepts: [] };
    differences.push(...comparePart(called, part(grants), part(meant)));
    const own = placesOf(text, old ?? sets ?? root, old, grants ?? []);
    places.set(called, own);
    findings.push(...judgeExcess({
      name: called,
      before: grants ?? [],
      after: meant ?? [],
      placeOf: (grant) => own.lying.get(grantId(grant)) ?? own.span,
    }));
  };
  for (const surface of fixed) edit(surface.name, surface);
  for (const { name } of gone) edit(name, undefined);
  return { before: text, after, differences, findings, places };
}

async function readConfig(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new FailedError(`${path} is missing`, { cause: error });
  }
}

/** How programs are started: as found here, else as the set had it, else by the locked path. */
function spelled(
  { grants }: WrittenSurface,
  old: JsonNode | undefined,
  installed: Readonly<Record<string, FoundProgram>>,
): Readonly<Record<string, string>> {
  const run = memberOf(old, "run");
  const listed = run?.kind === "list" ? run.items.map(jsonValue) : [];
  const paths = grants.flatMap((one): readonly (readonly [string, string])[] => {
    if (one.kind !== "run") return [];
    const { program } = one.grant;
    const found = Object.hasOwn(installed, program) ? installed[program]?.path : undefined;
    const kept = listed.find((path) => typeof path === "string" && path.endsWith(`/${program}`));
    const path = found ?? kept as string | undefined ?? one.path;
    return path === undefined ? [] : [[program, path]];
  });
  return Object.fromEntries(paths);
}

function placesOf(
  text: string,
  { start }: JsonNode,
  set: JsonNode | undefined,
  grants: readonly WrittenGrant[],
) {
  return {
    span: spanAt(text, denoConfigFile, start),
    grants: new Map(),
    causes: new Map(),
    accepts: [],
    lying: placesOfGrants({ text, file: denoConfigFile }, set, grants, denoKey),
  } satisfies SurfacePlaces;
}
