/** A stretch of text in a file. Lines and columns count from 1; the end is exclusive. */
export interface Span {
  /** Path as it was given, relative or absolute. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export type Severity = "error" | "warning";

/**
 * One fault in a text that a person wrote. Data only: the renderers in `engine/document/` turn it
 * into an excerpt with a caret, JSON, GitHub annotations or SARIF.
 */
export interface Diagnostic {
  readonly severity: Severity;
  /** Stable kebab-case name of the kind of fault, such as `unknown-key`. */
  readonly code: string;
  /** What is wrong, with the value at fault; no ANSI, no final full stop. */
  readonly message: string;
  /** What to do about it, for example `did you mean "timeout"?`. */
  readonly hint?: string;
  readonly span: Span;
}
