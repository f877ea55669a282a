import { BugError } from "../errors.ts";

/** Something to be run when all that it needs has ended. */
export interface Task {
  readonly id: string;
  readonly needs: readonly string[];
  /** The pool that limits how many of its members run at once. */
  readonly pool?: string;
}

/** Whether the others may go on. */
export type Verdict = "go-on" | "stop";

/**
 * Runs tasks as a graph: each starts as soon as all that it needs has ended, as many at once as the
 * pools allow, in the order given where there is a choice. After a `stop`, or when the signal is
 * aborted, nothing new starts. Settles when all that started has ended.
 *
 * @returns whether all have ended and none said `stop`
 * @param limits how many members of each pool run at once
 * @param run must not reject; if it does, so does this, after all that started has ended
 * @throws BugError when a need is not among the tasks, or is part of a cycle
 */
export function schedule(
  tasks: readonly Task[],
  limits: ReadonlyMap<string, number>,
  signal: AbortSignal,
  run: (id: string) => Promise<Verdict>,
): Promise<boolean> {
  const waitingFor = new Map(tasks.map((task) => [task.id, task.needs.length]));
  const dependents = new Map<string, Task[]>(tasks.map((task) => [task.id, []]));
  const pools = new Map<string, Pool>();
  for (const task of tasks) {
    for (const need of task.needs) {
      const list = dependents.get(need);
      if (list === undefined) throw new BugError(`${task.id} needs ${need}, which is not there`);
      list.push(task);
    }
  }
  return new Promise((resolve, reject) => {
    let running = 0;
    let ended = 0;
    let stopped = false;
    let fault: unknown;

    const begin = (task: Task) => {
      running++;
      run(task.id).then((verdict) => {
        if (verdict === "stop") stopped = true;
      }, (error) => {
        stopped = true;
        fault ??= error;
      }).then(() => end(task));
    };
    const ready = (task: Task) => {
      if (stopped || signal.aborted) return;
      if (task.pool === undefined) return begin(task);
      const pool = pools.get(task.pool) ??
        { free: limits.get(task.pool) ?? 1, queue: [], next: 0 };
      pools.set(task.pool, pool);
      if (pool.free === 0) return void pool.queue.push(task);
      pool.free--;
      begin(task);
    };
    const end = (task: Task) => {
      running--;
      ended++;
      const pool = task.pool === undefined ? undefined : pools.get(task.pool);
      if (pool !== undefined) {
        pool.free++;
        const next = pool.queue[pool.next];
        if (next !== undefined) {
          pool.next++;
          ready(next);
        }
      }
      for (const dependent of dependents.get(task.id)!) {
        const left = waitingFor.get(dependent.id)! - 1;
        waitingFor.set(dependent.id, left);
        if (left === 0) ready(dependent);
      }
      settle();
    };
    const settle = () => {
      if (running > 0) return;
      if (fault !== undefined) return reject(fault);
      if (ended === tasks.length && !stopped) return resolve(true);
      if (stopped || signal.aborted) return resolve(false);
      reject(new BugError("the steps need each other in a circle"));
    };

    for (const task of tasks) if (task.needs.length === 0) ready(task);
    settle();
  });
}

interface Pool {
  free: number;
  readonly queue: Task[];
  /** Index in the queue of the one that is to start next. */
  next: number;
}
