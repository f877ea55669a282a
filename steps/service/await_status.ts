import type { StepContext } from "../../engine/step.ts";
import type { ServiceManager, ServiceStatus } from "./service_manager.ts";

const patience_ms = 10_000;
const interval_ms = 100;

/** Asks for the status until it is no longer on its way, for at most ten seconds; gives the last one. */
export async function awaitStatus(
  service: ServiceManager,
  onItsWay: (status: ServiceStatus) => boolean,
  { signal, clock }: Pick<StepContext, "signal" | "clock">,
): Promise<ServiceStatus> {
  const end = clock.monotonic() + patience_ms;
  for (;;) {
    const status = await service.status(signal);
    if (!onItsWay(status) || clock.monotonic() >= end) return status;
    await clock.sleep(interval_ms, signal);
  }
}
