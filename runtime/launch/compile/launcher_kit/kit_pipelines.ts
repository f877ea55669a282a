import { InvalidInputError } from "../../../../engine/errors.ts";
import type { LaunchPlaces } from "../../places.ts";
import { surfacesFile } from "../../signed/file_names.ts";
import { verifyRequest } from "../../signed/require_signature.ts";
import type { KitFile } from "../kit_files.ts";
import type { LauncherKit } from "./launcher_kit.ts";

const folderName = "pipelines";

/**
 * The pipelines as a kit gets them: all of the project's. Steps of others lie among them.
 *
 * @throws InvalidInputError for a link: what it leads to would be missing elsewhere
 */
export async function kitPipelines(project: string): Promise<readonly KitFile[]> {
  const found: KitFile[] = [];
  const look = async (below: string) => {
    for await (const { name, isDirectory, isFile } of Deno.readDir(`${project}/${below}`)) {
      const path = `${below}/${name}`;
      if (isDirectory) await look(path);
      else if (isFile) {
        const text = await Deno.readTextFile(`${project}/${path}`);
        found.push({ name: path, mode: 0o644, text });
      } else {
        throw new InvalidInputError(`${project}/${path} is no file: a kit cannot hold it`, {
          hint: "put what it leads to in its place",
        });
      }
    }
  };
  await look(folderName);
  return found;
}

/**
 * The pipelines of a surface exactly as they were signed, with what they include, and the file of
 * surfaces, which grants nothing.
 *
 * @param keys absolute path of a public key, or of a folder of them
 * @throws NotAuthorisedError where one of them has no sound signature
 */
export async function signedPipelines(
  { pipelines }: LauncherKit,
  keys: string,
  places: LaunchPlaces,
  lock: string,
): Promise<readonly KitFile[]> {
  const { project } = places;
  const surfaces = `${project}/${surfacesFile}`;
  const texts = new Map([[surfaces, await Deno.readTextFile(surfaces)]]);
  for (const pipeline of pipelines) {
    const request = { keys, file: `${project}/${pipeline}`, must: true };
    for (const [path, text] of (await verifyRequest(request, places, lock)).texts) {
      texts.set(path, text);
    }
  }
  return [...texts].map(([path, text]) => {
    if (path.startsWith(`${project}/`)) {
      return { name: path.slice(project.length + 1), mode: 0o644, text };
    }
    throw new InvalidInputError(`${path} lies outside of the project: a kit cannot hold it`);
  });
}
