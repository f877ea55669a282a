import type { RetryPolicy } from "../document/document.ts";
import { BugError, type SluiceError } from "../errors.ts";
import { isThere } from "../is_there.ts";
import type { ProgramGrant } from "../permissions/permissions.ts";
import type { StepContext } from "../step.ts";
import { openContext, type Said } from "./context.ts";
import { asSluiceError, errorRecord, type Failure } from "./failure.ts";
import { withRetry } from "./retry.ts";
import { withDeadline } from "./timeout.ts";
import type { World } from "./world.ts";

/** A piece of a step's work: its check, its run or its undo. */
export interface Job<T> {
  /** Id of the step or item. */
  readonly id: string;
  /** Whose permissions it has; a check has those of the run. */
  readonly part: "run" | "undo";
  readonly grants: readonly ProgramGrant[];
  readonly signal: AbortSignal;
  /** Over all attempts, the waiting between them included. */
  readonly timeout_ms?: number;
  readonly retry?: RetryPolicy;
  /** What the step is told about a failure of the run. */
  readonly failure?: Failure;
  /** Milliseconds that the end of what it leaves in its scope may take. */
  readonly release_ms?: number;
  work(ctx: StepContext): Promise<T>;
}

/** How it went; never an exception. */
export type Performed<T> =
  & ({ readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: SluiceError })
  & {
    readonly elapsed_s: number;
    readonly notes?: string;
    /** The last one that it named and that exists, else that of the error. */
    readonly artifact?: string;
  };

const once: RetryPolicy = { attempts: 1, delay_ms: 0, max_delay_ms: 0, jitter: 0 };
/** Characters of notes that go into a token. */
const mostNotes = 2000;

/**
 * Does a piece of work with the deadline and the retries of its step, each attempt in a context of
 * its own. It has ended well only if every artifact that it named exists.
 */
export async function perform<T>(job: Job<T>, world: World): Promise<Performed<T>> {
  const { clock } = world.host;
  const began = clock.monotonic();
  const said: Said = { notes: [], artifacts: [] };
  const result = await attempts(job, said, world).then(
    (value) => ({ ok: true, value }) as const,
    (error) => ({ ok: false, error: asSluiceError(error, job.id) }) as const,
  );
  const artifact = await lastExisting(said.artifacts, job.id, world) ??
    (result.ok ? undefined : result.error.artifact);
  const notes = said.notes.join("; ");
  return {
    ...result,
    elapsed_s: Math.round(clock.monotonic() - began) / 1000,
    ...(notes === "" ? {} : { notes: notes.length > mostNotes ? cut(notes) : notes }),
    ...(artifact === undefined ? {} : { artifact }),
  };
}

function attempts<T>(job: Job<T>, said: Said, world: World): Promise<T> {
  const { clock } = world.host;
  const deadline = {
    what: job.id,
    signal: job.signal,
    clock,
    ...(job.timeout_ms === undefined ? {} : { timeout_ms: job.timeout_ms }),
    onOverdue: () => {
      const text = "is still at work a second after it was told to stop";
      world.recorder.emit({ type: "note", step: job.id, text });
    },
  };
  return withDeadline(deadline, (signal) => {
    const retry = {
      clock,
      random: () => world.host.random(),
      signal,
      onRetry: (attempt: number, delay_ms: number, error: SluiceError) => {
        const record = errorRecord(error, world.host.masker);
        world.recorder.emit({
          type: "step.retrying",
          step: job.id,
          attempt,
          delay_ms,
          error: record,
        });
      },
    };
    return withRetry(job.retry ?? once, retry, (number) => {
      const last = number === (job.retry ?? once).attempts;
      return attempt(job, { signal, said, last }, world);
    });
  });
}

async function attempt<T>(
  job: Job<T>,
  { signal, said, last }: { signal: AbortSignal; said: Said; last: boolean },
  world: World,
): Promise<T> {
  const { id, part, grants, failure, release_ms } = job;
  const before = said.artifacts.length;
  const options = {
    id,
    part,
    grants,
    signal,
    said,
    ...(failure === undefined ? {} : { failure }),
    ...(release_ms === undefined ? {} : { release_ms }),
  };
  const context = openContext(options, world);
  try {
    const value = await job.work(context.ctx);
    for (const path of said.artifacts.slice(before)) {
      if (await exists(path, id, world)) continue;
      throw new BugError(`${id} named the artifact ${path}, which does not exist`);
    }
    return value;
  } catch (thrown) {
    const error = asSluiceError(thrown, id);
    // What a failed attempt holds, a lock say, would stand in the way of the next one.
    if (error.retryable && !last) await context.endScope();
    throw error;
  } finally {
    context.close();
  }
}

async function lastExisting(
  paths: readonly string[],
  id: string,
  world: World,
): Promise<string | undefined> {
  for (const path of paths.toReversed()) {
    if (await exists(path, id, world).catch(() => false)) return path;
  }
}

async function exists(path: string, id: string, { host }: World): Promise<boolean> {
  if (host.exists !== undefined) return await host.exists(path, id);
  return await isThere(path);
}

function cut(notes: string): string {
  return `${notes.slice(0, mostNotes - 1)}…`;
}
