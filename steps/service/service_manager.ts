import type { Permissions } from "../../engine/permissions/permissions.ts";
import { none, permissions } from "../../engine/permissions/permissions.ts";
import type { StepContext } from "../../engine/step.ts";
import { union } from "../../engine/permissions/union.ts";
import { noService } from "./none.ts";
import { parseServiceRef, type ServiceRef } from "./service_ref.ts";
import { supervisorGrants, supervisorService } from "./supervisor.ts";
import { systemdGrants, systemdService } from "./systemd.ts";

/** A process, told apart from a later one that was given the same number. */
export interface MainProcess {
  readonly pid: number;
  /** When it was started, as its manager tells it: equal only for the same process. */
  readonly started: string;
  /** The same moment on the wall clock, for comparing with the age of a file. */
  readonly started_at: Date;
}

export interface ServiceStatus {
  readonly state:
    | "running"
    | "starting"
    | "stopping"
    | "stopped"
    /** It ended, and its manager will start it again. */
    | "backing-off"
    /** It ended, and its manager has given up. */
    | "failed"
    /** Its manager does not know it. */
    | "missing";
  /** Present while it has a process. */
  readonly main?: MainProcess;
  /** More about a state that is not wanted: an exit code, a crash loop. */
  readonly why?: string;
}

/** What is done with a service, and so what must be granted. */
export type ServiceUse = "status" | "start" | "stop" | "logs";

/**
 * One service, whoever manages it. Every method may be called in any state and throws FailedError
 * when the manager refuses or cannot be reached, and the signal's reason once it aborts.
 */
export interface ServiceManager {
  /** As it was given: `systemd:UNIT`, `supervisor:SOCKET`, `none`. */
  readonly name: string;
  /** `false` for `none`: there is nothing to see or to do. */
  readonly managed: boolean;
  status(signal: AbortSignal): Promise<ServiceStatus>;
  /** Returns when the manager reports it started; a service that runs already stays as it is. */
  start(signal: AbortSignal): Promise<void>;
  /** Returns when its processes have ended; a service that is stopped already is left alone. */
  stop(signal: AbortSignal): Promise<void>;
  /** The last lines of its log, the newest last; at most 1,000. */
  logs(lines: number, signal: AbortSignal): Promise<readonly string[]>;
}

/** The manager of a service, from its spelling; `exec` starts systemctl and journalctl. */
export function openService(service: string, ctx: Pick<StepContext, "exec">): ServiceManager {
  const ref = parseServiceRef(service);
  switch (ref.kind) {
    case "systemd":
      return systemdService(ref.unit, service, ctx);
    case "supervisor":
      return supervisorService(ref.socket, service);
    case "none":
      return noService(service);
  }
}

/** {@linkcode openService} for each of a list, in its order. */
export function openServices(
  list: readonly string[],
  ctx: Pick<StepContext, "exec">,
): readonly ServiceManager[] {
  return list.map((service) => openService(service, ctx));
}

/** What the given uses of one service need. */
export function permissionsOf(ref: ServiceRef, uses: readonly ServiceUse[]): Permissions {
  switch (ref.kind) {
    case "systemd":
      return permissions({ run: systemdGrants(ref.unit, uses) });
    case "supervisor":
      return supervisorGrants(ref.socket);
    case "none":
      return none;
  }
}

/** What the given uses of all services of a list need. */
export function permissionsOfServices(
  list: readonly string[],
  uses: readonly ServiceUse[],
): Permissions {
  return union(...list.map((service) => permissionsOf(parseServiceRef(service), uses)));
}
