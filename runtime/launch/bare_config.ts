import type { LaunchPlaces } from "./places.ts";

/**
 * The configuration of processes that get none of the project's: no imports, no tasks, no permissions,
 * only how TypeScript becomes JavaScript. Deno keeps what it compiled by that: with another it would
 * compile anew what it shares with a runner, each time, and in a box could not even keep it.
 */
export function bareConfig({ project }: Pick<LaunchPlaces, "project">): string {
  return `--config=${project}/runtime/launch/bare_config.json`;
}
