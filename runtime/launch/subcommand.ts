import { positional } from "./command_line.ts";

/**
 * The word of a command line that says what to do: the launcher reads no more of it than it needs to
 * know what the planner may be given.
 */
export function subcommand(args: readonly string[]): string | undefined {
  return positional(args)[0];
}
