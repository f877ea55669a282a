/**
 * What a bench is: one thing measured beside its peers in the same run, so that what is said of it is
 * a ratio, which a slow or busy machine changes least.
 *
 * A file `tests/bench/<name>_bench.ts` exports one as `bench`; `deno task bench <name>` runs it in a
 * process of its own, with its flags and nothing else.
 *
 * @module
 */
import type { Group, Places } from "../group.ts";

/** What is measured: `open` prepares it once, then every subject runs once a round, in turn. */
export interface Bench extends Pick<Group, "needs" | "probe"> {
  /** What its table is called: imperative or noun, at most 70 characters. */
  readonly summary: string;
  /** Rounds that count, where the command line does not say; default 15. */
  readonly rounds?: number;
  /** Permissions of the process that measures, spelled out. */
  flags(places: Places): readonly string[];
  /** Makes what the subjects need below `places.tmp`, which is this bench's own. */
  open(places: Places): Promise<Subjects>;
}

/** The first is the peer that the others are compared with. What they hold is given back at the end. */
export interface Subjects extends Partial<AsyncDisposable> {
  readonly subjects: readonly [Subject, ...Subject[]];
}

/** One of the things compared. */
export interface Subject {
  readonly name: string;
  /** Makes ready for one round, while no clock runs. */
  prepare?(): Promise<void>;
  /**
   * Does the work once. Its whole time counts, or the milliseconds that it gives back where only a
   * part does.
   *
   * @throws anything when the work failed: the bench then fails, whatever the time
   */
  run(): Promise<number | void>;
}
