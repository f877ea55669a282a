import { FailedError } from "../../engine/errors.ts";
import type { StepContext } from "../../engine/step.ts";
import { awaitStatus } from "./await_status.ts";
import type { MainProcess, ServiceManager } from "./service_manager.ts";

/**
 * Stops a service and proves that it has no process any more and that none will come by itself.
 *
 * @returns the process that was stopped; `undefined` when there was none
 * @throws FailedError when it still runs, or comes back
 */
export async function ensureStopped(
  service: ServiceManager,
  ctx: Pick<StepContext, "signal" | "clock">,
): Promise<MainProcess | undefined> {
  if (!service.managed) return undefined;
  const { main } = await service.status(ctx.signal);
  await service.stop(ctx.signal);
  const after = await awaitStatus(
    service,
    ({ state, main }) => state === "stopping" || main !== undefined,
    ctx,
  );
  const ended = after.state === "stopped" || after.state === "failed";
  if (ended && after.main === undefined) return main;
  const process = after.main === undefined ? "" : `, process ${after.main.pid}`;
  throw new FailedError(`${service.name} is ${after.state} after it was stopped${process}`, {
    hint: "see what starts it again",
  });
}
