/** One fault in an expression, with its place in the source. */
export interface Fault {
  /** Stable kebab-case name of the kind of fault. */
  readonly code:
    | "expression-syntax"
    | "expression-limit"
    | "unknown-name"
    | "unguarded"
    | "ill-typed";
  readonly message: string;
  readonly hint?: string;
  /** UTF-16 units from the beginning of the source. */
  readonly offset: number;
  readonly length: number;
}
