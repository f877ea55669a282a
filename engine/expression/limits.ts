/**
 * How large an expression may be and how much work it may do. CEL has no loops without end, but
 * lists and texts can double with every `map`, and JavaScript cannot be interrupted.
 */
export const limits = {
  /** Characters of the source. */
  characters: 4096,
  /** Operators, names and literals. */
  nodes: 512,
  /** Levels of nesting. */
  depth: 64,
  /** Comprehensions (`map`, `filter`, `all` …) within each other. */
  comprehensions: 2,
  /** Operations plus characters and elements made or compared, at run time; well under a second. */
  work: 5_000_000,
} as const;
