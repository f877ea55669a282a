import type { Diagnostic } from "../../engine/diagnostic.ts";
import type { Document } from "../../engine/document/document.ts";
import { suggest } from "../../engine/document/suggest.ts";
import type { Variables } from "./port.ts";

/** Letters that may differ: `PACKAGE_HOST` is misspelt, and `REST_HOST` may be somebody else's. */
const mostDifferent = 1;

/**
 * Warns of variables that are set and that nothing reads, while one of nearly the same name is read
 * and not set. A misspelt one would be passed over in silence, and with it what it asks for.
 *
 * The place is that where the pipeline names the variable that was probably meant.
 */
export function misspeltVariables(
  { params }: Pick<Document, "params">,
  { values, alike }: Variables,
): readonly Diagnostic[] {
  const unset = new Map(
    params.flatMap(({ env }) =>
      env === undefined || Object.hasOwn(values, env.value) ? [] : [[env.value, env.span]]
    ),
  );
  return alike.flatMap((name): Diagnostic[] => {
    const meant = suggest(name, unset.keys(), mostDifferent);
    const span = meant === undefined ? undefined : unset.get(meant);
    if (span === undefined) return [];
    return [{
      severity: "warning",
      code: "misspelt-variable",
      message: `the variable ${name} is set, and nothing here reads it`,
      hint: `did you mean ${meant}?`,
      span,
    }];
  });
}
