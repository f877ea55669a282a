import { InvalidInputError } from "../../../engine/errors.ts";
import { canonicalJson, type Json } from "../../../engine/json.ts";
import type { Digests } from "../../../engine/trust/pipeline_statement.ts";
import { parseStrictJson } from "../../../engine/trust/strict_json.ts";
import { digestBytes } from "./read_bytes.ts";

type JsonMap = { readonly [key: string]: Json };

/**
 * Digests of the entries of the lock that decide about a pipeline: of each surface that lists it, else
 * of what pipelines of no surface may do. Over their canonical JSON.
 *
 * @param file path of the pipeline, relative to the project; `undefined` for one that lies elsewhere
 */
export async function lockDigests(lockText: string, file: string | undefined): Promise<Digests> {
  const lock = mapOf(parseStrictJson(lockText));
  const surfaces = Object.entries(mapOf(lock["surfaces"])).filter(([, surface]) =>
    file !== undefined && lists(mapOf(surface), file)
  );
  const entries: [string, Json][] = surfaces.length === 0
    ? [["ad_hoc", lock["ad_hoc"] ?? null]]
    : surfaces.map(([name, surface]) => [`surfaces.${name}`, surface]);
  const digests = entries.map(async ([name, entry]) => {
    return [name, await digestBytes(new TextEncoder().encode(canonicalJson(entry)))];
  });
  return Object.fromEntries(await Promise.all(digests));
}

/** Whether a pipeline is that of a fixed surface. */
export function isFixed(lockText: string, file: string | undefined): boolean {
  const surfaces = Object.values(mapOf(mapOf(parseStrictJson(lockText))["surfaces"]));
  return file !== undefined && surfaces.some((surface) => mapOf(surface)["pipeline"] === file);
}

/** An open surface lists its pipelines, a fixed one has its own. */
function lists({ pipeline, pipelines }: JsonMap, file: string): boolean {
  return pipeline === file || Array.isArray(pipelines) && pipelines.includes(file);
}

function mapOf(value: Json | undefined): JsonMap {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonMap;
  throw new InvalidInputError("the lock is not as it has to be");
}
