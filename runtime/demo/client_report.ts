/** What the demonstration's client saw. */
export interface ClientReport {
  /** Records that the service acknowledged. */
  readonly acknowledged: number;
  /** Of these, how many the ledger holds at the end. */
  readonly kept: number;
  /** Requests without a good answer. */
  readonly refused: number;
  /** Longest time between two good answers, in milliseconds. */
  readonly longest_gap_ms: number;
  /** Versions that answered, in order, each change once. */
  readonly versions: readonly string[];
}
