import type { JsonObject } from "../../json.ts";
import { type Grant, grantKinds } from "../grant.ts";
import { textKinds } from "../grants.ts";
import type { Permissions, ProgramGrant } from "../permissions.ts";
import { printJson } from "./print_json.ts";
import type { Accepted, WrittenGrant, WrittenLock, WrittenSurface } from "./written_lock.ts";

/**
 * The text of `permissions.lock.json`: the same for the same lock, a line for each thing that may
 * change. The sets of fixed surfaces map each entry to who needs it; ceilings are lists.
 */
export function printLock({ ad_hoc, surfaces }: WrittenLock): string {
  const value = {
    schemaVersion: 1,
    ad_hoc: { ceiling: ceilingJson(ad_hoc.grants), ...acceptsJson(ad_hoc.accepts) },
    surfaces: Object.fromEntries(surfaces.map((surface) => [surface.name, surfaceJson(surface)])),
  };
  return `${printJson(value)}\n`;
}

/** What a grant allows, as it stands in the lock, on one line: `"/srv"`, `{ "program": … }`. */
export function lockLine(grant: WrittenGrant): string {
  return grant.kind === "run" ? inlineJson(grantJson(grant.grant)) : JSON.stringify(grant.entry);
}

/** What else the lock says of a grant, a line each: `"path": "/usr/bin/ln"`, and its causes. */
export function detailLines({ path, escape, why }: WrittenGrant): readonly string[] {
  const members = Object.entries({ path, escape: escape?.class, reason: escape?.reason });
  return [
    ...members.filter(([, value]) => value !== undefined)
      .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`),
    ...why.map((cause) => JSON.stringify(cause)),
  ];
}

/** JSON on one line, with spaces where people expect some. */
export function inlineJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inlineJson).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) =>
    `${JSON.stringify(key)}: ${inlineJson(member)}`
  );
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

function surfaceJson(surface: WrittenSurface): JsonObject {
  const { kind, note, grants, accepts } = surface;
  return {
    kind,
    ...(note === undefined ? {} : { note }),
    ...(surface.kind === "open" ? { pipelines: surface.pipelines } : {
      pipeline: surface.pipeline,
    }),
    ...(surface.kind === "open"
      ? { ceiling: ceilingJson(grants) }
      : { set: kindsJson(grants, (entries) => Object.fromEntries(entries)) }),
    ...(surface.kind === "open" && surface.code
      ? { code: Object.fromEntries(surface.code.map(({ file, digest }) => [file, digest])) }
      : {}),
    ...acceptsJson(accepts),
  };
}

function ceilingJson(grants: readonly WrittenGrant[]): JsonObject {
  return kindsJson(grants, (entries) => entries.map(([entry]) => entry));
}

function kindsJson(
  grants: readonly WrittenGrant[],
  texts: (entries: readonly (readonly [string, readonly string[]])[]) => JsonObject[string],
): JsonObject {
  const kinds = grantKinds.map((kind): [string, JsonObject[string]] => {
    const own = grants.filter((grant) => grant.kind === kind);
    return [
      kind,
      kind === "run"
        ? own.flatMap((grant) => grant.kind === "run" ? [programJson(grant)] : [])
        : texts(own.flatMap((one) => one.kind === "run" ? [] : [[one.entry, one.why]])),
    ];
  });
  return Object.fromEntries(kinds.filter(([kind]) => grants.some((one) => one.kind === kind)));
}

function programJson(
  { grant, path, escape, why }: WrittenGrant & Extract<Grant, { kind: "run" }>,
): JsonObject {
  return {
    ...grantJson(grant),
    ...(path === undefined ? {} : { path }),
    ...(escape === undefined ? {} : { escape: escape.class, reason: escape.reason }),
    ...(why.length === 0 ? {} : { why }),
  };
}

function grantJson({ program, args, env, brokered, box, deno }: ProgramGrant): JsonObject {
  return {
    program,
    args,
    env,
    ...(brokered === undefined ? {} : { brokered }),
    ...(box === undefined ? {} : { box: { ...box } }),
    ...(deno === undefined ? {} : { deno: moduleJson(deno) }),
  };
}

/** Only the kinds that it has. */
function moduleJson(set: Permissions): JsonObject {
  return Object.fromEntries(
    textKinds.filter((kind) => set[kind].length > 0).map((kind) => [kind, set[kind]]),
  );
}

function acceptsJson(accepts: readonly Accepted[]): JsonObject {
  if (accepts.length === 0) return {};
  return { accepts: accepts.map(({ finding, entry, reason }) => ({ finding, entry, reason })) };
}
