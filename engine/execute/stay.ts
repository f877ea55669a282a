import type { Pass } from "./pass.ts";

/**
 * Lets a run stay up, with what its steps hold, until it is told to end, which is how it ends well, or
 * until one of them loses what it held. A run that does not stay has nothing to wait for.
 *
 * @returns whether nothing was lost
 */
export async function stayUp({ prepared, world, stop, status }: Pass): Promise<boolean> {
  if (prepared.plan.stay !== true) return true;
  if (!stop.signal.aborted) {
    const told = new Promise<void>((resolve) => {
      stop.signal.addEventListener("abort", () => resolve(), { once: true });
    });
    for (const listener of world.whenUp) listener();
    world.recorder.emit({ type: "run.up" });
    await told;
  }
  return status.failure === undefined;
}
