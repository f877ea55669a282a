/**
 * The names of the files in which a journal that was begun anew is kept: `journal.1.jsonl`,
 * `journal.2.jsonl` …, the oldest first, beside `journal.jsonl`.
 *
 * @module
 */

/** How many bytes a journal has before it is begun anew, at the next repetition. */
export const longJournal = 1024 * 1024;
/** How many earlier parts of a journal are kept, the newest. */
export const keptParts = 9;

/**
 * The path of an earlier part.
 *
 * @param journal path of the journal
 * @param number from 1
 *
 * @example
 * ```ts
 * import { partPath, partNumber } from "./earlier_parts.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(partPath("/runs/r1/journal.jsonl", 3), "/runs/r1/journal.3.jsonl");
 * assert.equal(partNumber("journal.3.jsonl"), 3);
 * assert.equal(partNumber("journal.jsonl"), undefined);
 * ```
 */
export function partPath(journal: string, number: number): string {
  return journal.replace(/(\.jsonl)?$/, `.${number}.jsonl`);
}

/** The number of an earlier part, by the name of its file; `undefined` for any other file. */
export function partNumber(file: string): number | undefined {
  const digits = /\.([1-9]\d{0,8})\.jsonl$/.exec(file)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
