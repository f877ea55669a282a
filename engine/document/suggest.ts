/**
 * The candidate that a mistyped word was most likely meant to be; `undefined` when none is near.
 * Case, `-` and `_` do not count as differences.
 *
 * @param most how many letters may differ; a third of the word by default
 *
 * @example
 * ```ts
 * import { suggest } from "./suggest.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(suggest("timout", ["timeout", "retry"]), "timeout");
 * assert.equal(suggest("banana", ["timeout", "retry"]), undefined);
 * ```
 */
export function suggest(
  word: string,
  candidates: Iterable<string>,
  most = Infinity,
): string | undefined {
  const wanted = fold(word).slice(0, 100);
  const limit = Math.min(most, Math.max(1, Math.floor(wanted.length / 3)));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (Math.abs(fold(candidate).length - wanted.length) > limit) continue;
    const distance = editDistance(wanted, fold(candidate));
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** The hint `did you mean "…"?`, or else a list of what may stand there, if it is short. */
export function didYouMean(word: string, candidates: readonly string[]): string | undefined {
  const found = suggest(word, candidates);
  if (found !== undefined) return `did you mean ${JSON.stringify(found)}?`;
  return knownHere(candidates);
}

/** A list of what may stand there, if it is short; without what stands in for a missing name. */
export function knownHere(candidates: readonly string[]): string | undefined {
  const named = candidates.filter((name) => !name.startsWith("?"));
  if (named.length === 0 || named.length > 15) return undefined;
  return `known here: ${named.sort().join(", ")}`;
}

function fold(word: string): string {
  return word.toLowerCase().replaceAll(/[-_]/g, "");
}

/** Insertions, deletions, replacements and swaps of neighbours that lead from one to the other. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, beforeLast[j - 2]! + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
