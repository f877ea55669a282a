import { type ExitCode, exitCode } from "../../engine/errors.ts";
import { countPrograms } from "../../engine/permissions/count_programs.ts";
import { setOfGrants } from "../../engine/permissions/grant.ts";
import { surfaceDigest } from "../../engine/permissions/lock/surface_digest.ts";
import type { WrittenSurface } from "../../engine/permissions/lock/written_lock.ts";
import type { Asked, Place } from "./port.ts";
import { readProjectLock } from "./read_project_lock.ts";
import { renderList } from "./render_list.ts";

/** `sluice surfaces`: what the lock lets be launched, by name. */
export async function surfaces(
  { format }: Asked<"surfaces">,
  { context, port }: Place,
): Promise<ExitCode> {
  const { surfaces } = await readProjectLock(context.project);
  port.out(renderList(format, "surfaces", surfaces.map(rowOf), [
    ["SURFACE", ({ name }) => name],
    ["KIND", ({ kind }) => kind],
    ["PROGRAMS", ({ programs }) => `${programs}`],
    ["ACCEPTED", ({ accepted }) => `${accepted}`],
    ["SET OR CEILING", ({ set }) => set.slice(0, "sha256:".length + 12)],
    ["PIPELINES", ({ pipelines }) => pipelines.join(", ")],
  ], Math.max(context.columns, 80)));
  return exitCode.done;
}

function rowOf(surface: WrittenSurface) {
  const { name, kind, note, grants, accepts } = surface;
  return {
    name,
    kind,
    pipelines: surface.kind === "open" ? surface.pipelines : [surface.pipeline],
    programs: countPrograms(setOfGrants(grants)),
    /** Findings that a person let stand: how many. */
    accepted: accepts.length,
    set: surfaceDigest(surface),
    ...(note === undefined ? {} : { note }),
  };
}
