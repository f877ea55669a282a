import type { Diagnostic, Severity, Span } from "../diagnostic.ts";

/** Gathers what is found while resolving: errors and warnings. */
export interface Report {
  error(code: string, span: Span, message: string, hint?: string): void;
  warning(code: string, span: Span, message: string, hint?: string): void;
  add(diagnostics: readonly Diagnostic[]): void;
  readonly found: readonly Diagnostic[];
}

export function makeReport(): Report {
  const found: Diagnostic[] = [];
  const put =
    (severity: Severity) => (code: string, span: Span, message: string, hint?: string) => {
      found.push({ severity, code, message, ...(hint === undefined ? {} : { hint }), span });
    };
  return {
    found,
    error: put("error"),
    warning: put("warning"),
    add: (diagnostics) => found.push(...diagnostics),
  };
}
