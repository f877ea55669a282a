import type { WorkerCommand } from "../worker/worker_protocol.ts";
import { type Control, TooLong } from "./control.ts";

/** An action of an agent. A text is given back as it is, anything else as JSON. */
export type Action = (
  parameters: Readonly<Record<string, string>>,
  context: ActionContext,
) => unknown;

export interface ActionContext {
  /** Aborts when the caller has gone, or the time for the call is over. */
  readonly signal: AbortSignal;
}

type Invocation = Extract<WorkerCommand, { type: "invoke" }>;
type Outcome = { readonly text: string } | { readonly error: string };

/** The actions that an agent offers, and the calls that run. */
export class Actions {
  #actions: ReadonlyMap<string, Action> = new Map();
  readonly #open = new Map<number, AbortController>();
  readonly #running = new Set<Promise<void>>();
  #stopping = false;

  constructor(private readonly control: Control) {}

  offer(actions: ReadonlyMap<string, Action>): void {
    this.#actions = actions;
  }

  /** Runs what is asked for, and sends its result whenever that is. */
  run(invocation: Invocation): Promise<void> {
    const running = this.#answer(invocation).finally(() => this.#running.delete(running));
    this.#running.add(running);
    return running;
  }

  /** Tells a call that nobody waits for it; does nothing where it has ended. */
  cancel(id: number): void {
    this.#open.get(id)?.abort(new DOMException("it was cancelled", "AbortError"));
  }

  /** Takes no more calls from now on. */
  refuse(): void {
    this.#stopping = true;
  }

  /** Waits for the calls that run. */
  async drain(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #answer({ id, action, parameters, timeout_ms }: Invocation): Promise<void> {
    const begun = performance.now();
    const controller = new AbortController();
    this.#open.set(id, controller);
    const timer = setTimeout(() => {
      const message = `${action} gave no result within ${timeout_ms} ms`;
      controller.abort(new DOMException(message, "TimeoutError"));
    }, timeout_ms);
    const outcome = await this.#call(action, parameters, controller.signal);
    clearTimeout(timer);
    this.#open.delete(id);
    const duration_ms = Math.round((performance.now() - begun) * 1000) / 1000;
    const failed = { type: "result", id, success: false, result: "", duration_ms } as const;
    if ("error" in outcome) return await this.control.send({ ...failed, error: outcome.error });
    try {
      await this.control.send({ ...failed, success: true, result: outcome.text, error: "" });
    } catch (error) {
      if (!(error instanceof TooLong)) throw error;
      const told = `the result is too long: ${error.message}`;
      await this.control.send({ ...failed, error: told });
    }
  }

  async #call(
    name: string,
    parameters: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const action = this.#actions.get(name);
    if (action === undefined) {
      const there = [...this.#actions.keys()].sort().join(", ") || "none";
      return { error: `there is no action ${name}; there are: ${there}` };
    }
    if (this.#stopping) return { error: "the agent is stopping" };
    // What does not let itself be aborted is not waited for.
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    try {
      const value = await Promise.race([
        Promise.resolve(parameters).then((given) => action(given, { signal })),
        aborted,
      ]);
      return { text: toText(value) };
    } catch (error) {
      if (!signal.aborted) console.error(error);
      return { error: String(error).slice(0, 5000) };
    }
  }
}

/** A text as it is, nothing as `null`. */
function toText(value: unknown): string {
  if (typeof value === "string") return value;
  const text = JSON.stringify(value ?? null);
  if (text === undefined) throw new TypeError(`a ${typeof value} is no result`);
  return text;
}
