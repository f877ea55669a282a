/** Lets a number of jobs run beside their starter. */
export interface WriteGate {
  /** Starts a job when there is room for it; rejects when an earlier one has failed. */
  start(job: () => Promise<void>): Promise<void>;
  /** Waits for the end of all jobs; rejects when one failed. */
  finish(): Promise<void>;
  /** Waits for the end of all jobs, whatever became of them. */
  settle(): Promise<void>;
}

/** @param most jobs at once */
export function writeGate(most: number): WriteGate {
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;

  function check(): void {
    if (failure !== undefined) throw failure.error;
  }

  return {
    async start(job) {
      while (running.size >= most) await Promise.race(running);
      check();
      const run = job().catch((error: unknown) => {
        failure ??= { error };
      }).finally(() => running.delete(run));
      running.add(run);
    },
    async finish() {
      await Promise.all(running);
      check();
    },
    async settle() {
      await Promise.all(running);
    },
  };
}
