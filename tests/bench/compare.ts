/** Milliseconds of one subject, one for each round. */
export interface Samples {
  readonly name: string;
  readonly ms: readonly number[];
}

/** The middle of some figures, and how far they reach. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** A subject, and what it is beside the first. */
export interface Compared {
  readonly name: string;
  /** Milliseconds. */
  readonly time: Spread;
  /** Of the subject's time to the peer's in the same round; absent for the peer itself. */
  readonly ratio?: Spread;
  /** Milliseconds more than the peer took in the same round; absent for the peer itself. */
  readonly more?: Spread;
  readonly ms: readonly number[];
}

/**
 * Compares each subject with the first one, round by round: what slowed a round slowed all of it.
 *
 * @example
 * ```ts
 * import { compare } from "./compare.ts";
 * import assert from "node:assert/strict";
 *
 * const [, thing] = compare([{ name: "peer", ms: [1, 2, 4] }, { name: "thing", ms: [2, 4, 6] }]);
 * assert.deepEqual(thing?.ratio, { median: 2, min: 1.5, max: 2 });
 * ```
 */
export function compare(all: readonly Samples[]): readonly Compared[] {
  const [peer] = all;
  return all.map(({ name, ms }) => {
    const compared = { name, time: spread(ms), ms };
    if (peer === undefined || ms === peer.ms) return compared;
    return {
      ...compared,
      ratio: spread(ms.map((time, round) => time / peer.ms[round]!)),
      more: spread(ms.map((time, round) => time - peer.ms[round]!)),
    };
  });
}

/** @throws RangeError for no figures */
export function spread(figures: readonly number[]): Spread {
  if (figures.length === 0) throw new RangeError("nothing was measured");
  const sorted = figures.toSorted((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  return {
    median: (sorted[Math.floor(half)]! + sorted[Math.ceil(half)]!) / 2,
    min: sorted[0]!,
    max: sorted.at(-1)!,
  };
}
