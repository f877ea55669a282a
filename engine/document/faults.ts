import type { Diagnostic, Span } from "../diagnostic.ts";

/** Gathers the faults of one text. */
export interface Faults {
  error(code: string, span: Span, message: string, hint?: string): void;
  readonly found: readonly Diagnostic[];
}

export function faults(): Faults {
  const found: Diagnostic[] = [];
  return {
    found,
    error(code, span, message, hint) {
      found.push({
        severity: "error",
        code,
        message,
        ...(hint === undefined ? {} : { hint }),
        span,
      });
    },
  };
}
