/** What is wanted of a run: the planner says it, and the runner does it. */
export type RunMode =
  | { readonly kind: "run" }
  /** `again`: irreversible steps that were interrupted may run again. */
  | { readonly kind: "resume"; readonly again: boolean }
  | { readonly kind: "undo" };
