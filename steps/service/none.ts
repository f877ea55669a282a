import type { ServiceManager } from "./service_manager.ts";

/** No service: nothing to stop, to start, or to read. */
export function noService(name: string): ServiceManager {
  return {
    name,
    managed: false,
    status: () => Promise.resolve({ state: "stopped" }),
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    logs: () => Promise.resolve([]),
  };
}
