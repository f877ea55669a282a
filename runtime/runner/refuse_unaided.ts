import { RefusedError } from "../../engine/errors.ts";
import type { Plan } from "../../engine/plan/plan.ts";

/**
 * Refuses a plan that needs a launcher, before anything is done: one whose steps have programs
 * started for them that their own process may not start. A runner on its own has nobody to ask.
 *
 * @throws RefusedError that names every such step
 */
export function refuseUnaided(plan: Plan): void {
  const asked = [...plan.steps, ...plan.finally].flatMap(({ id, uses, permissions }) =>
    [...permissions.run.run, ...permissions.undo.run]
      .filter(({ brokered }) => brokered === true)
      .map(({ program }) => `${id} (${uses}) has ${program} started for it`)
  );
  if (asked.length === 0) return;
  throw new RefusedError(
    `this plan needs the launcher, and none is here: ${[...new Set(asked)].join("; ")}`,
    { hint: "run it with sluice run, or leave out what asks for the program" },
  );
}
