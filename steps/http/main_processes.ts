import { FailedError } from "../../engine/errors.ts";
import type { MainProcess, ServiceManager } from "../service/service_manager.ts";
import type { Judgement } from "./health_answer.ts";

type Identity = Pick<MainProcess, "pid" | "started">;

/**
 * A question to be asked again and again: does every service run, with a main process that is none
 * of the previous ones and the same as last time? A process that has changed is a bad answer once;
 * the new one counts from the next question on.
 */
export function watchProcesses(
  services: readonly ServiceManager[],
  previous: readonly Identity[],
): (signal: AbortSignal) => Promise<Judgement> {
  const last = new Map<string, Identity>();
  return async (signal) => {
    let changed: string | undefined;
    for (const service of services) {
      const found = await mainOf(service, signal);
      if (typeof found === "string") return { good: false, why: `${service.name} ${found}` };
      if (previous.some((before) => same(before, found))) {
        return { good: false, why: `${service.name} is still the old process ${found.pid}` };
      }
      const before = last.get(service.name);
      if (before !== undefined && !same(before, found)) {
        changed ??= `${service.name} ended (process ${before.pid}) and was started again`;
      }
      last.set(service.name, found);
    }
    return changed === undefined ? { good: true } : { good: false, why: changed };
  };
}

/** The main process, or what is wrong. */
async function mainOf(service: ServiceManager, signal: AbortSignal): Promise<MainProcess | string> {
  try {
    const { state, main, why } = await service.status(signal);
    if (state === "running" && main !== undefined) return main;
    return `is ${state}${why === undefined ? "" : ` (${why})`}`;
  } catch (error) {
    signal.throwIfAborted();
    // A manager that cannot be asked is a bad answer; a refusal of the sandbox is not an answer.
    if (error instanceof FailedError) {
      return `cannot be asked: ${error.message}`;
    }
    throw error;
  }
}

function same(one: Identity, other: Identity): boolean {
  return one.pid === other.pid && one.started === other.started;
}
