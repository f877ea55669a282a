import type { LaunchPlaces } from "./places.ts";

/**
 * Whether this is a kit, where the programs of Sluice lie bundled, as JavaScript; else it is a checkout.
 */
export const inKit: boolean = import.meta.url.endsWith(".js");

/** The file of a program of Sluice, such as `runtime/planner`, below the folder where Sluice lies. */
export function programFile(name: string): string {
  return `${name}.${inKit ? "js" : "ts"}`;
}

/**
 * The arguments of Deno with which a program of the project starts: flags are spelled out here only.
 *
 * @param program its file below the project, without the ending: `runtime/planner`
 */
export function denoArguments(
  places: LaunchPlaces,
  flags: readonly string[],
  program: string,
  args: readonly string[],
): string[] {
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--no-check",
    "--cached-only",
    "--frozen",
    `--config=${places.project}/deno.json`,
    ...flags,
    `${places.project}/${programFile(program)}`,
    ...args,
  ];
}
