import type { Box } from "./box.ts";
import { chooseBox } from "./choose_box.ts";
import type { LaunchPlaces } from "./places.ts";
import { type Keeper, startKeeper } from "./start_keeper.ts";
import { warmCache } from "./warm_cache.ts";
import { subcommand } from "./subcommand.ts";

/** What a runner will need, being made ready while the planner works. */
export interface Preparation extends AsyncDisposable {
  box(): Promise<Box>;
  keeper(): Keeper;
}

/** The commands that start a runner. */
const starting = ["run", "resume", "undo"];

/**
 * Tries the box and starts the keeper at once for a command that starts a runner, so that neither
 * takes time of its own; for any other when it is asked for.
 */
export function prepare(args: readonly string[], places: LaunchPlaces): Preparation {
  let box: Promise<Box> | undefined;
  let keeper: Keeper | undefined;
  let warming: Promise<void> | undefined;
  const preparation: Preparation = {
    box: () => box ??= chooseBox(args),
    keeper: () => keeper ??= startKeeper(places),
    async [Symbol.asyncDispose]() {
      await Promise.all([keeper?.[Symbol.asyncDispose](), warming]);
    },
  };
  if (starting.includes(subcommand(args) ?? "")) {
    preparation.keeper();
    preparation.box().then(({ kind }) => {
      if (kind === "bubblewrap") warming = warmCache(places);
    }, () => {}); // Told when it is asked for.
  }
  return preparation;
}
