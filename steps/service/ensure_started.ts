import { FailedError } from "../../engine/errors.ts";
import type { StepContext } from "../../engine/step.ts";
import { awaitStatus } from "./await_status.ts";
import { ensureStopped } from "./ensure_stopped.ts";
import type { MainProcess, ServiceManager } from "./service_manager.ts";

/** A file's time may lag behind the clock by one tick of the kernel, in milliseconds. */
const clockTick = 10;

/**
 * Sees to it that a service runs what is current, and proves it: its main process was started now,
 * or runs already and is younger than `since`. One that somebody started before that, and which so
 * runs what was current then, is stopped first.
 *
 * @param since when what it runs was put in place; any running process will do without it
 * @returns its main process; `undefined` where there is no service to start
 * @throws FailedError when it does not come to run, with the reason its manager gives
 */
export async function ensureStarted(
  service: ServiceManager,
  since: Date | undefined,
  ctx: Pick<StepContext, "signal" | "clock">,
): Promise<MainProcess | undefined> {
  if (!service.managed) return undefined;
  const before = await service.status(ctx.signal);
  if (before.main !== undefined) {
    const young = since === undefined ||
      before.main.started_at.getTime() >= since.getTime() + clockTick;
    if (before.state === "running" && young) return before.main;
    await ensureStopped(service, ctx);
  }
  await service.start(ctx.signal);
  const after = await awaitStatus(service, ({ state }) => state === "starting", ctx);
  if (after.state === "running" && after.main !== undefined) return after.main;
  const why = after.why === undefined ? "" : `: ${after.why}`;
  throw new FailedError(
    after.state === "running"
      ? `${service.name} runs without a main process`
      : `${service.name} is ${after.state} after it was started${why}`,
    { hint: "its log says more" },
  );
}
