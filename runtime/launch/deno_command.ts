import type { LaunchPlaces } from "./places.ts";

/** The arguments of Deno with which a program of the project starts: flags are spelled out here only. */
export function denoArguments(
  places: LaunchPlaces,
  flags: readonly string[],
  entry: string,
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
    `${places.project}/${entry}`,
    ...args,
  ];
}
