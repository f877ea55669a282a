import { setprivPaths } from "./die_with_launcher.ts";
import { bubblewrapPaths } from "./find_box.ts";

/** What the launcher may start besides Deno, as far as it is installed. */
export const launchedPrograms: readonly string[] = [...bubblewrapPaths, ...setprivPaths];
