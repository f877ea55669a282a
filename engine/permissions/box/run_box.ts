/** What holds a process of a run below Deno, as it is told to people and written into the journal. */
export interface RunBox {
  readonly kind: "bubblewrap" | "container" | "unit" | "none";
  /** Of a container, how it is known; where there is no box, why, and what would help. */
  readonly why?: string;
  /** Where the box holds more, or shows less, than the set: one clause each. */
  readonly notes?: readonly string[];
}
