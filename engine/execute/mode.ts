/** What a process that executes a plan was started for. */
export type RunMode =
  /** A new run, with an empty journal. */
  | { readonly kind: "run" }
  /** Go on with a run that did not finish. `again`: interrupted irreversible steps may run again. */
  | { readonly kind: "resume"; readonly again: boolean }
  /** Take back what a run did, finished or not. */
  | { readonly kind: "undo" };
