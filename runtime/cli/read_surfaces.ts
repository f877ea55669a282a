import type { Diagnostic } from "../../engine/diagnostic.ts";
import { parseSurfaces } from "../../engine/surface/parse_surfaces.ts";
import type { Surfaces } from "../../engine/surface/surfaces.ts";
import type { PlannerContext } from "../launch/planner_protocol.ts";
import { surfacesFile } from "../launch/signed/file_names.ts";
import { readText } from "./read_text.ts";

export interface ReadSurfaces {
  readonly surfaces: Surfaces | undefined;
  /** Faults of shape; files are called by their paths in the project. */
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Reads the surfaces of the project.
 *
 * @param read gives the text of a file by its absolute path; from the disk by default
 * @throws InvalidInputError when there is no such file
 */
export async function readSurfaces(
  { project }: PlannerContext,
  read: (path: string) => Promise<string> = (path) => readText(path, project),
): Promise<ReadSurfaces> {
  const text = await read(`${project}/${surfacesFile}`);
  return { ...parseSurfaces(text, surfacesFile), texts: new Map([[surfacesFile, text]]) };
}
