import type { Permissions } from "../../engine/permissions/permissions.ts";
import { systemFolders } from "../../engine/permissions/system_paths.ts";

/**
 * Where the programs of a set are for a process that found its flags fixed: as it was told, else the
 * first of the system folders in which this process may run one of that name. Those that it may not
 * run anywhere are left out: the step that wants one says so.
 */
export async function grantedPrograms(
  set: Permissions,
  told: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const found = new Map(Object.entries(told));
  for (const { program } of set.run) {
    if (program.startsWith("/") || found.has(program)) continue;
    for (const folder of systemFolders) {
      const command = `${folder}/${program}`;
      const { state } = await Deno.permissions.query({ name: "run", command });
      if (state !== "granted") continue;
      found.set(program, command);
      break;
    }
  }
  return Object.fromEntries(found);
}
