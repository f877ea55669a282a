import {
  BusyError,
  FailedError,
  InvalidInputError,
  type SluiceError,
  TimedOutError,
  TransientError,
} from "../../../engine/errors.ts";
import type { Clock } from "../../../engine/step.ts";
import { bounded } from "./bounded.ts";
import { messageLines } from "./message_lines.ts";
import { most, readWorkerMessage } from "./worker_protocol.ts";
import type { Hello, Loaded, LoadFault, LoadOrder } from "./worker_protocol.ts";
import type { WorkerCommand, WorkerMessage } from "./worker_protocol.ts";

/** What an action gave. `result` is the text as it is sent; `error` is `Type: message`. */
export interface ActionOutcome {
  readonly success: boolean;
  readonly result: string;
  readonly error: string;
  /** Milliseconds in the worker. */
  readonly duration_ms: number;
}

/** Every part that did not load. */
export interface LoadFailed {
  readonly type: "failed";
  readonly faults: readonly LoadFault[];
}

export interface CallLimits {
  /** Aborts the wait, and the work where that can be; its reason is thrown. */
  readonly signal?: AbortSignal;
  readonly timeout_ms: number;
}

/** Most calls that are open at once, those included whose end is no longer waited for. */
const mostCalls = 1000;
/** Most bytes that a worker has not taken yet. */
const mostUnsent = 64 * 2 ** 20;
/** Milliseconds beyond the grace in which a worker that ends itself is gone. */
const endMs = 1000;

type Answer = PromiseWithResolvers<ActionOutcome>;

/** A load under way or over. */
interface Load extends PromiseWithResolvers<Loaded | LoadFailed> {
  readonly faults: LoadFault[];
  isOver: boolean;
}

/**
 * The talk with one worker, from its hello to its end. Made by `startLink`.
 *
 * A worker that says what it should not is ended, and so is one that this link is closed on: the host
 * ends its process when the connection ends. A process that does not even do that is the business of
 * whoever started it.
 */
export class WorkerLink {
  /** Why it ended, as soon as that is known: milliseconds after its process is gone. Never rejects. */
  readonly ended: Promise<string>;
  /** Settles with its first message; rejects when it ends before. */
  readonly greeted: Promise<Hello>;
  readonly #greeted = Promise.withResolvers<Hello>();
  readonly #ended = Promise.withResolvers<string>();
  readonly #calls = new Map<number, Answer>();
  /** Calls that nobody waits for any more, whose results are still to come. */
  readonly #abandoned = new Set<number>();
  #hello: Hello | undefined;
  #load: Load | undefined;
  #last = 0;
  #unsent = 0;
  #sending: Promise<unknown> = Promise.resolve();
  #isStopping = false;
  #why: string | undefined;

  constructor(private readonly conn: Deno.Conn, private readonly clock: Clock) {
    this.ended = this.#ended.promise;
    this.greeted = this.#greeted.promise;
    this.greeted.catch(() => {}); // Whoever waits for it is told.
    void this.#listen();
  }

  /** What it said of itself; `startLink` gives no link before that. */
  get hello(): Hello {
    return this.#hello!;
  }

  /**
   * Loads the handlers of an agent; once in a worker's life. Faults are a value: all that were found.
   *
   * @throws TimedOutError when that takes longer: the worker is ended
   * @throws TransientError when the worker ended meanwhile
   */
  async load(order: LoadOrder, { timeout_ms, signal }: CallLimits): Promise<Loaded | LoadFailed> {
    if (this.#load !== undefined) throw new FailedError("a worker loads once");
    this.#refuseGone();
    const load: Load = { ...Promise.withResolvers(), faults: [], isOver: false };
    this.#load = load;
    this.#send({ type: "load", ...order });
    return await bounded(load.promise, { clock: this.clock, timeout_ms, signal }, (isLate) => {
      this.close();
      if (!isLate) throw signal!.reason;
      throw new TimedOutError(`the handlers did not load within ${timeout_ms} ms`, {
        hint: "a module that waits for something while it is imported never loads",
      });
    });
  }

  /**
   * Calls an action. What its code throws is an outcome, and so is that it took too long.
   *
   * @throws BusyError when too many calls are open
   * @throws TransientError when the worker has ended, or ends meanwhile
   */
  async invoke(
    action: string,
    parameters: Readonly<Record<string, string>>,
    { timeout_ms, signal }: CallLimits,
  ): Promise<ActionOutcome> {
    signal?.throwIfAborted();
    this.#refuseGone();
    if (this.#calls.size + this.#abandoned.size >= mostCalls || this.#unsent > mostUnsent) {
      throw new BusyError(`${this.#calls.size} calls are open, and the worker does not keep up`);
    }
    const id = ++this.#last;
    const answer: Answer = Promise.withResolvers();
    this.#calls.set(id, answer);
    this.#send({ type: "invoke", id, action, parameters, timeout_ms });
    return await bounded(answer.promise, { clock: this.clock, timeout_ms, signal }, (isLate) => {
      if (this.#calls.delete(id)) {
        this.#abandoned.add(id);
        this.#send({ type: "cancel", id });
      }
      if (!isLate) throw signal!.reason;
      const error = `TimeoutError: ${action} gave no result within ${timeout_ms} ms`;
      return { success: false, result: "", error, duration_ms: timeout_ms };
    });
  }

  /**
   * Tells it to finish what runs and to end; settles with its end, or that of the connection a second
   * after the grace.
   */
  async stop(grace_ms: number): Promise<void> {
    if (this.#why !== undefined) return;
    this.#isStopping = true;
    this.#send({ type: "stop", grace_ms });
    const over = new AbortController();
    const late = this.clock.sleep(grace_ms + endMs, over.signal).then(() => this.close(), () => {});
    await Promise.race([this.ended, late]);
    over.abort();
  }

  /** Ends the connection, and so the worker, at once. Does nothing where it has ended. */
  close(): void {
    this.#end("its connection was closed");
  }

  async #listen(): Promise<void> {
    try {
      for await (const line of messageLines(this.conn)) {
        const message = readWorkerMessage(line);
        const fault = message === undefined
          ? "something that nobody understands"
          : this.#take(message);
        if (fault !== undefined) return this.#end(`it said ${fault}`);
      }
      this.#end(this.#isStopping ? "it stopped, as it was told" : "its process ended");
    } catch (error) {
      // A reset is the end of a process that had something left to read.
      const isSaid = error instanceof InvalidInputError;
      this.#end(isSaid ? `it said something damaged: ${error.message}` : "its process ended");
    }
  }

  /** What is wrong with a message, if anything is. */
  #take(message: WorkerMessage): string | undefined {
    if ((message.type === "hello") !== (this.#hello === undefined)) return "hello out of turn";
    switch (message.type) {
      case "hello":
        this.#hello = message;
        return void this.#greeted.resolve(message);
      case "loaded":
      case "failed":
        return this.#takeLoad(message);
      case "result": {
        if (this.#abandoned.delete(message.id)) return;
        const answer = this.#calls.get(message.id);
        if (answer === undefined) return `a result of call ${message.id}, which is not open`;
        this.#calls.delete(message.id);
        const { success, result, error, duration_ms } = message;
        return void answer.resolve({ success, result, error, duration_ms });
      }
    }
  }

  #takeLoad(message: Extract<WorkerMessage, { type: "loaded" | "failed" }>): string | undefined {
    const load = this.#load;
    if (load === undefined || load.isOver) return `${message.type} out of turn`;
    if (message.type === "loaded") {
      if (load.faults.length > 0) return "loaded after failed";
      load.isOver = true;
      return void load.resolve(message);
    }
    const { part, error, traceback, more } = message;
    load.faults.push({ part, error, traceback });
    if (load.faults.length > most.faults) return `more than ${most.faults} faults`;
    if (more) return;
    load.isOver = true;
    load.resolve({ type: "failed", faults: load.faults });
  }

  #send(command: WorkerCommand): void {
    const bytes = new TextEncoder().encode(`${JSON.stringify(command)}\n`);
    this.#unsent += bytes.length;
    this.#sending = this.#sending.then(async () => {
      for (let sent = 0; sent < bytes.length;) sent += await this.conn.write(bytes.subarray(sent));
      this.#unsent -= bytes.length;
    }).catch(() => {}); // The end of the connection is told by what reads it.
  }

  #refuseGone(): void {
    if (this.#why !== undefined) throw gone(this.#why);
  }

  #end(why: string): void {
    if (this.#why !== undefined) return;
    this.#why = why;
    try {
      this.conn.close();
    } catch {
      // It is closed.
    }
    const error = gone(why);
    this.#greeted.reject(error);
    this.#load?.reject(error);
    for (const answer of this.#calls.values()) answer.reject(error);
    this.#calls.clear();
    this.#ended.resolve(why);
  }
}

function gone(why: string): SluiceError {
  return new TransientError(`the worker is gone: ${why}`);
}
