import { FailedError } from "../../engine/errors.ts";
import type { StepContext } from "../../engine/step.ts";
import { openServices } from "./service_manager.ts";

/**
 * Asks every service's manager about it, so that a unit that is not installed, or a supervisor that
 * does not run, is found before anything is touched.
 *
 * @throws FailedError naming the first that is not there
 */
export async function checkKnown(
  services: readonly string[],
  ctx: Pick<StepContext, "exec" | "signal">,
): Promise<void> {
  for (const service of openServices(services, ctx)) {
    if (!service.managed) continue;
    const { state, why } = await service.status(ctx.signal);
    if (state === "missing") {
      throw new FailedError(`${service.name} cannot be managed: ${why ?? "it is not known"}`, {
        hint: "install its unit, or name another service",
      });
    }
  }
}
