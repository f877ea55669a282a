import { textKinds } from "./grants.ts";
import type { Permissions } from "./permissions.ts";

/** Whether a set grants nothing. */
export function isEmpty(set: Permissions): boolean {
  return set.run.length === 0 && textKinds.every((kind) => set[kind].length === 0);
}
