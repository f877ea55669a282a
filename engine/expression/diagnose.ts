import type { Diagnostic } from "../diagnostic.ts";
import type { CelType } from "./cel_type.ts";
import { checkExpression, type TypeScope } from "./check.ts";
import { spanOfPart } from "./place.ts";
import type { PlacedExpression } from "./template.ts";

/** The type of an expression, or what is wrong with it, with places in the file. */
export type Diagnosed =
  | { readonly type: CelType; readonly diagnostics: readonly [] }
  | { readonly type?: undefined; readonly diagnostics: readonly Diagnostic[] };

/** Checks an expression of a document, as {@linkcode checkExpression}. */
export function diagnoseExpression(expression: PlacedExpression, scope: TypeScope): Diagnosed {
  const checked = checkExpression(expression.source, scope, expression.place);
  if ("type" in checked) return { type: checked.type, diagnostics: [] };
  const diagnostics = checked.faults.map(({ code, message, hint, offset, length }): Diagnostic => ({
    severity: "error",
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    span: spanOfPart(expression.scalar, expression.offset + offset, length),
  }));
  return { diagnostics };
}
