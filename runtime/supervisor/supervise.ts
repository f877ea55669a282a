import { FailedError } from "../../engine/errors.ts";
import type { Clock } from "../../engine/step.ts";
import type { SupervisorStatus } from "../../steps/service/supervisor_protocol.ts";
import { backOff, crashLoopFrom, stableAfter } from "./back_off.ts";
import type { Child } from "./child.ts";

export interface SuperviseOptions {
  /** Starts the program; throws when that is not possible. */
  readonly spawn: () => Child;
  readonly clock: Clock;
  /** From SIGTERM to SIGKILL, in milliseconds. */
  readonly stop_timeout_ms: number;
  /** Told what happens, one line each. */
  readonly say: (text: string) => void;
}

/** A program that is kept running while it is wanted. */
export interface Supervised {
  status(): SupervisorStatus;
  /**
   * Starts it; nothing when it runs. A wait before a restart ends.
   *
   * @throws FailedError when it cannot be started; it is tried again all the same
   */
  start(): Promise<void>;
  /** Ends it, settling after its end; nothing when it does not run. It stays stopped. */
  stop(): Promise<void>;
}

interface Main {
  readonly pid: number;
  readonly started: string;
}

type Phase =
  | { readonly kind: "stopped" }
  | {
    readonly kind: "running" | "stopping";
    readonly main: Main;
    readonly child: Child;
    readonly since: number;
  }
  | { readonly kind: "backing-off"; readonly cancel: AbortController };

/** Supervises a program, which is not started yet. Commands are carried out one after the other. */
export function supervise({ spawn, clock, stop_timeout_ms, say }: SuperviseOptions): Supervised {
  let phase: Phase = { kind: "stopped" };
  let failures = 0;
  let lastEnd: string | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = queue.then(work);
    queue = done.catch(() => {});
    return done;
  }

  function launch(): void {
    let child: Child;
    try {
      child = spawn();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      failed("the program", `could not be started: ${why}`);
      throw new FailedError(lastEnd!, { cause: error });
    }
    const main = { pid: child.pid, started: clock.now().toISOString() };
    phase = { kind: "running", main, child, since: clock.monotonic() };
    say(`started process ${child.pid}`);
    child.ended.then((how) => ended(child, how));
  }

  /** A process ended that nobody stopped. */
  function ended(child: Child, how: string): void {
    if (phase.kind !== "running" || phase.child !== child) return;
    if (clock.monotonic() - phase.since >= stableAfter) failures = 0;
    failed(`process ${child.pid}`, `ended by itself: ${how}`);
  }

  function failed(who: string, what: string): void {
    failures++;
    lastEnd = `it ${what}`; // Without the number: the same words for the same fault.
    const delay = backOff(failures);
    const loop = failures >= crashLoopFrom ? ` (crash loop: ${failures} failures in a row)` : "";
    say(`${who} ${what}; next start in ${delay} ms${loop}`);
    const cancel = new AbortController();
    phase = { kind: "backing-off", cancel };
    clock.sleep(delay, cancel.signal).then(() => inTurn(() => restart(cancel))).catch(() => {});
  }

  // deno-lint-ignore require-await -- what it throws has to become a rejection
  async function restart(cancel: AbortController): Promise<void> {
    if (phase.kind === "backing-off" && phase.cancel === cancel) launch();
  }

  return {
    status: () => ({
      state: phase.kind,
      ...("main" in phase ? { main: phase.main } : {}),
      failures,
      crash_loop: failures >= crashLoopFrom,
      ...(lastEnd === undefined ? {} : { last_end: lastEnd }),
    }),
    start: () =>
      // deno-lint-ignore require-await -- what it throws has to become a rejection
      inTurn(async () => {
        if (phase.kind === "running") return;
        if (phase.kind === "backing-off") phase.cancel.abort();
        failures = 0;
        launch();
      }),
    stop: () =>
      inTurn(async () => {
        if (phase.kind === "backing-off") phase.cancel.abort();
        if (phase.kind === "running") {
          const { child } = phase;
          phase = { ...phase, kind: "stopping" };
          say(`stopping process ${child.pid}`);
          const how = await end(child);
          lastEnd = `it was stopped: ${how}`;
          say(`process ${child.pid} was stopped: ${how}`);
        }
        phase = { kind: "stopped" };
        failures = 0;
      }),
  };

  async function end(child: Child): Promise<string> {
    child.kill("SIGTERM");
    const patience = new AbortController();
    const kill = clock.sleep(stop_timeout_ms, patience.signal).then(() => {
      say(`process ${child.pid} ignored SIGTERM for ${stop_timeout_ms} ms: it is killed`);
      child.kill("SIGKILL");
    }).catch(() => {});
    const how = await child.ended;
    patience.abort();
    await kill;
    return how;
  }
}
