import type { Diagnostic } from "../../engine/diagnostic.ts";
import { parseSurfaces } from "../../engine/surface/parse_surfaces.ts";
import type { Surfaces } from "../../engine/surface/surfaces.ts";
import type { PlannerContext } from "../launch/protocol.ts";
import { readText } from "./read_text.ts";

/** Where surfaces are declared, in the project. */
export const surfacesFile = "pipelines/surfaces.yaml";

export interface ReadSurfaces {
  readonly surfaces: Surfaces | undefined;
  /** Faults of shape; files are called by their paths in the project. */
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Reads the surfaces of the project.
 *
 * @throws InvalidInputError when there is no such file
 */
export async function readSurfaces({ project }: PlannerContext): Promise<ReadSurfaces> {
  const text = await readText(`${project}/${surfacesFile}`, project);
  return { ...parseSurfaces(text, surfacesFile), texts: new Map([[surfacesFile, text]]) };
}
