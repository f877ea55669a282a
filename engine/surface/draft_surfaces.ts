/**
 * For tests: the lock that a text of surfaces, with pipelines, should have.
 *
 * @module
 */
import assert from "node:assert/strict";
import { testRegistry } from "../plan/test_registry.ts";
import { draftLock, type LockDraft } from "./draft_lock.ts";
import { parseSurfaces } from "./parse_surfaces.ts";
import { type ResolvedSurfaces, resolveSurfaces } from "./resolve_surfaces.ts";

/** The beginning of each text: nothing for pipelines of no surface. */
export const noAdHoc = "schemaVersion: 1\nad_hoc: { ceiling: {} }\nsurfaces:\n";

/** Resolves surfaces, with these pipelines by their paths in the project. */
export async function resolveTexts(
  surfaces: string,
  pipelines: Readonly<Record<string, string>>,
): Promise<ResolvedSurfaces> {
  const parsed = parseSurfaces(noAdHoc + surfaces, "pipelines/surfaces.yaml");
  assert.deepEqual(parsed.diagnostics, []);
  return await resolveSurfaces(parsed.surfaces!, testRegistry, {
    load: (path) =>
      pipelines[path] === undefined
        ? Promise.reject(new Deno.errors.NotFound(path))
        : Promise.resolve(pipelines[path]),
    paths: Object.keys(pipelines),
  });
}

/** The lock of sound ones. */
export async function draftTexts(
  surfaces: string,
  pipelines: Readonly<Record<string, string>>,
  paths: Readonly<Record<string, string>> = {},
): Promise<LockDraft> {
  const resolved = await resolveTexts(surfaces, pipelines);
  assert.deepEqual(resolved.diagnostics, []);
  const { surfaces: parsed } = parseSurfaces(noAdHoc + surfaces, "pipelines/surfaces.yaml");
  return draftLock(parsed!.ad_hoc, resolved.surfaces!, paths);
}
