import type { LaunchPlaces } from "./places.ts";

/** The checkout that the tests are in. */
const project = decodeURIComponent(new URL("../..", import.meta.url).pathname)
  .replace(/\/$/, "");

/** Places of a user who stands in a folder, where runs and temporary files are kept too. */
export function placesIn(folder: string, sluice = project): LaunchPlaces {
  return {
    deno: Deno.execPath(),
    project: sluice,
    cwd: folder,
    runs: `${folder}/runs`,
    tmp: folder,
  };
}
