import { expand, type Places } from "../../engine/permissions/expand.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import { union } from "../../engine/permissions/union.ts";
import type { Lock } from "./protocol.ts";
import { realPath, realPaths } from "./real_paths.ts";

/** A ceiling with what it is called in messages. */
export interface NamedCeiling {
  readonly name: string;
  readonly ceiling: Permissions;
}

/**
 * The ceilings of which one has to cover a run: those of the open surfaces that list its pipeline,
 * else that of pipelines of no surface. The file is compared by its real path, so that a link
 * elsewhere is no way into a surface, nor out of it.
 *
 * @param file absolute path of the pipeline; absent for a plan that came as JSON
 */
export function chooseCeilings(
  lock: Lock,
  file: string | undefined,
  places: Places,
): readonly NamedCeiling[] {
  const path = file === undefined ? undefined : withinProject(file, places.project);
  const listed = Object.entries(lock.surfaces).flatMap(([name, surface]) =>
    path !== undefined && surface.kind === "open" && surface.pipelines.includes(path)
      ? [{ name, ceiling: surface.ceiling }]
      : []
  );
  if (listed.length === 0) {
    return [{
      name: "pipelines of no surface (ad_hoc)",
      ceiling: expandReal(lock.ad_hoc.ceiling, places),
    }];
  }
  return listed.map(({ name, ceiling }) => ({
    name: `the surface ${name}`,
    ceiling: expandReal(ceiling, places),
  }));
}

function withinProject(file: string, project: string): string | undefined {
  const root = `${realPath(project)}/`;
  const real = realPath(file);
  return real.startsWith(root) ? real.slice(root.length) : undefined;
}

/**
 * The ceiling as it is spelled and as it is behind links: a run is compared in both ways. Below
 * `${tmp}` nothing is resolved: others may put links there.
 */
function expandReal(ceiling: Permissions, places: Places): Permissions {
  const real: Places = {
    project: realPath(places.project),
    runs: realPath(places.runs),
    tmp: realPath(places.tmp),
  };
  return union(expand(ceiling, places), expand(realPaths(ceiling), real));
}
