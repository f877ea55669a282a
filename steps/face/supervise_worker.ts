import { FailedError } from "../../engine/errors.ts";
import type { Clock } from "../../engine/step.ts";
import type { FaceName, HealthBoard } from "./health_board.ts";
import { listenerGone } from "./listener_gone.ts";
import { exitSoon } from "./process_end.ts";
import type { Worker } from "./worker.ts";
import type { Loaded, LoadFault } from "./worker/worker_protocol.ts";
import type { WorkerLink } from "./worker/worker_link.ts";

/** A worker that has loaded its agent. */
export interface RunningWorker {
  readonly link: WorkerLink;
  readonly loaded: Loaded;
  /** Unix sockets on which its servers accept for as long as it is well. */
  readonly sockets: readonly string[];
  /** How its process ended, once it has: such as `with 3`, or `by SIGKILL`. */
  readonly exit: Promise<string>;
  /** Ends its process and waits for that, whatever it does. */
  kill(): Promise<void>;
}

/** What starting a worker came to. */
export type Start = RunningWorker | { readonly faults: readonly LoadFault[] };

export interface SupervisionOptions {
  readonly clock: Clock;
  /** Starts another worker. */
  start(): Promise<Start>;
  /** How often a worker that died may be started again within the window. */
  readonly restarts: number;
  readonly window_ms: number;
  /** Milliseconds that a call of an action may take. */
  readonly call_ms: number;
  warn(text: string): void;
  /** The agent cannot be had again. */
  lost(error: FailedError): void;
}

/** Milliseconds before the second start in a row, doubled with each. */
const firstDelay = 500;

/** A worker that is looked after, and its end. */
export interface Supervised {
  readonly worker: Worker;
  /** Lets calls end for at most `ms` milliseconds, then ends the process. */
  stop(ms: number): Promise<void>;
}

/**
 * Looks after a worker: when its connection ends, or a server of it no longer accepts, the faces that
 * follow it are down at once, and another is started, as often as the budget allows.
 */
export function superviseWorker(first: RunningWorker, options: SupervisionOptions): Supervised {
  const { clock, restarts, window_ms, call_ms, warn, lost } = options;
  let running = first;
  let following: { readonly board: HealthBoard; readonly faces: readonly FaceName[] } | undefined;
  /** Whoever serves what the worker has may connect to it: from then on its servers are looked at. */
  const served = Promise.withResolvers<void>();
  const stopping = new AbortController();
  const starts: number[] = [];
  let state: "up" | "down" = "up";
  const tell = (now: "up" | "down") => {
    state = now;
    for (const face of following?.faces ?? []) following?.board.set(face, state);
  };

  const again = async (why: string): Promise<boolean> => {
    const now = clock.monotonic();
    while (starts.length > 0 && starts[0]! <= now - window_ms) starts.shift();
    if (starts.length >= restarts) {
      lost(
        new FailedError(`the agent ended ${starts.length + 1} times, the last time since ${why}`, {
          hint: "what it printed before is in the log, as agent.output",
        }),
      );
      return false;
    }
    starts.push(now);
    warn(`${why}; starting it again (${starts.length} of ${restarts})`);
    if (starts.length > 1) {
      await clock.sleep(firstDelay * 2 ** (starts.length - 2), stopping.signal);
    }
    try {
      const started = await options.start();
      if ("faults" in started) return await again("its handlers did not load again");
      running = started;
      tell("up");
      return true;
    } catch (error) {
      if (stopping.signal.aborted) throw error;
      return await again((error as Error).message);
    }
  };
  /** The connection ends before anybody knows how the process did. */
  const endOfProcess = async (why: string, exit: Promise<string>): Promise<string> => {
    const how = await exitSoon(exit, clock);
    return how === undefined
      ? `the agent's process is given up: ${why}`
      : `the agent's process ended ${how}`;
  };
  const endOf = async ({ link, sockets, exit }: RunningWorker): Promise<string> => {
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, stopping.signal]);
    const gone = served.promise.then(() => listenerGone({ sockets, clock, signal }));
    try {
      return await Promise.race([link.ended.then((why) => endOfProcess(why, exit)), gone]);
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
      return await link.ended;
    } finally {
      over.abort();
    }
  };
  const watch = async () => {
    for (;;) {
      const why = await endOf(running);
      if (stopping.signal.aborted) return;
      tell("down");
      await running.kill();
      if (!await again(why)) return;
    }
  };
  const watching = watch().catch((error) => {
    if (!stopping.signal.aborted) lost(new FailedError(String(error), { cause: error }));
  });

  return {
    worker: {
      loaded: first.loaded,
      follow(board, faces) {
        following = { board, faces };
        served.resolve();
        tell(state);
      },
      methods: () => running.loaded.a2a?.kind === "actions" ? running.loaded.a2a.methods : [],
      invoke: ({ action, parameters, signal }) =>
        running.link.invoke(action, parameters, { signal, timeout_ms: call_ms }),
    },
    async stop(ms) {
      if (stopping.signal.aborted) return;
      stopping.abort();
      await running.link.stop(ms);
      await running.kill();
      await watching;
    },
  };
}
