import type { Finding, LintedSet } from "./finding.ts";

/** A program that may run any code, and that no box of its own holds, may do what the user may. */
export function unboxedCode({ grants }: LintedSet): readonly Finding[] {
  return grants.flatMap((one): readonly Finding[] => {
    if (one.kind !== "run" || one.escape?.class !== "arbitrary-code") return [];
    const { brokered, box, deno } = one.grant;
    if (brokered === true && (box !== undefined || deno !== undefined)) return [];
    return [{
      code: "unboxed-code",
      severity: "error",
      grant: one,
      message: `arbitrary code in no box of its own: ${one.escape.reason}`,
      hint: "give it arguments that say all it does, or declare it brokered with a box",
    }];
  });
}
