import { canonicalJson, type Json } from "../../engine/json.ts";
import { isEmpty } from "../../engine/permissions/is_empty.ts";
import { minus } from "../../engine/permissions/minus.ts";
import { normalise } from "../../engine/permissions/normalise.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import { sha256 } from "../../engine/sha256.ts";
import { realPaths } from "./real_paths.ts";

/**
 * What `--accept` has to say for a set to pass that no ceiling covers: the name of the set where all
 * that it reaches is spelled in it. Where links lead out of it, what is behind them is part of the
 * name: who accepted `/srv/app`, which led to `/data/1`, has not accepted `/data/2`.
 *
 * @param set the name of the set
 * @param permissions the set, of all processes together
 * @param own what is the engine's need and not the pipeline's
 */
export function acceptanceOf(set: string, permissions: Permissions, own: Permissions): string {
  const behind = minus(minus(realPaths(permissions), permissions), own);
  if (isEmpty(behind)) return set;
  return `sha256:${sha256(canonicalJson({ set, behind: normalise(behind) } as unknown as Json))}`;
}
