import type { Permissions } from "../../engine/permissions/permissions.ts";
import type { LaunchPlaces } from "./places.ts";
import { writableTrusted } from "./trusted_paths.ts";

/**
 * The flags for what no code of others may touch, whatever wider grant it has: what is trusted, and the
 * runs.
 *
 * @param hidden folders that it must not see
 */
export function denyFlags(
  set: Permissions,
  hidden: readonly string[],
  places: LaunchPlaces,
): readonly string[] {
  const written = [...writableTrusted(set, places), ...hidden];
  return [
    ...(hidden.length === 0 ? [] : [`--deny-read=${hidden.join(",")}`]),
    ...(written.length === 0 ? [] : [`--deny-write=${written.join(",")}`]),
  ];
}
