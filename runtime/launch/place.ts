/**
 * Prints a place that a task's permission flags need: `deno`, the program that runs (never looked up
 * through PATH, where a folder of somebody's could stand first), `launched`, all that the launcher may
 * start, or `tmp`, the folder for temporary files. Runs with no permission but to read TMPDIR.
 *
 * @module
 */
import { launchedPrograms } from "./launched_programs.ts";

switch (Deno.args[0]) {
  case "deno":
    console.log(Deno.execPath());
    break;
  case "launched":
    console.log([Deno.execPath(), ...launchedPrograms].join(","));
    break;
  case "tmp":
    console.log(temporary());
    break;
  default:
    console.error(
      `place.ts: ${Deno.args[0] ?? "nothing"} is not a place; say deno, launched or tmp`,
    );
    Deno.exit(64);
}

function temporary(): string {
  return Deno.env.get("TMPDIR")?.replace(/\/+$/, "") || "/tmp";
}
