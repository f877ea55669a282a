import { FailedError } from "../errors.ts";
import type { Clock } from "../step.ts";

/** Who has put something into the scope. */
export interface Holder {
  /** Id of the step or item. */
  readonly step: string;
  /** Whether it did so while it ran or while it was undone. */
  readonly part: "run" | "undo";
}

/** What steps leave alive until the end of the run. */
export interface RunScope {
  /**
   * A stack for one attempt of a step; ended with the run, or earlier by whoever asked for it.
   *
   * @param bound_ms after which its end is no longer waited for; 10 s by default
   */
  of(step: string, part: Holder["part"], bound_ms?: number): AsyncDisposableStack;
  /** Whose stacks have not been ended: what is in them may still need their permissions. */
  holders(): readonly Holder[];
  /** Ends all, the newest first; the faults say whose end failed. */
  dispose(): Promise<readonly { readonly step: string; readonly error: unknown }[]>;
}

/** Milliseconds. */
const usualBound = 10_000;

export function makeRunScope(clock: Clock): RunScope {
  const all = new AsyncDisposableStack();
  const faults: { step: string; error: unknown }[] = [];
  const stacks: (Holder & { readonly own: AsyncDisposableStack })[] = [];
  return {
    of(step, part, bound_ms = usualBound) {
      const own = new AsyncDisposableStack();
      stacks.push({ step, part, own });
      all.defer(async () => {
        try {
          await within(own.disposeAsync(), bound_ms, clock);
        } catch (error) {
          faults.push({ step, error });
        }
      });
      return own;
    },
    holders: () => stacks.filter(({ own }) => !own.disposed),
    async dispose() {
      await all.disposeAsync();
      return faults;
    },
  };
}

async function within(work: Promise<void>, bound: number, clock: Clock): Promise<void> {
  const done = new AbortController();
  const late = clock.sleep(bound, done.signal).then(() => {
    throw new FailedError(`what it holds did not end within ${bound / 1000} s`);
  }, () => {});
  try {
    await Promise.race([work, late.then(() => work)]);
  } finally {
    done.abort();
  }
}
