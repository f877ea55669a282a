/** The last of many texts, and how many there were: of what may go on for months. */
export interface Newest {
  /** How often each was there, the newest last; at most as many as were asked for. */
  readonly newest: ReadonlyMap<string, number>;
  readonly count: number;
  add(text: string): void;
}

/** @param most how many different ones are kept; at least 1 */
export function keepNewest(most: number): Newest {
  const newest = new Map<string, number>();
  let count = 0;
  return {
    newest,
    get count() {
      return count;
    },
    add(text) {
      count++;
      const times = newest.get(text) ?? 0;
      newest.delete(text);
      newest.set(text, times + 1);
      if (newest.size > most) newest.delete(newest.keys().next().value!);
    },
  };
}
