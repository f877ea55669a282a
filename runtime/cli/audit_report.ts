import type { Attempt } from "../../engine/permissions/attempt.ts";
import type { AuditReport } from "../../engine/permissions/audit.ts";
import type { Plan } from "../../engine/plan/plan.ts";

/** An audit with what it was about, to be shown. */
export interface ShownAudit {
  readonly run: string;
  readonly plan: Plan;
  /** Name of the set that the run was launched with. */
  readonly set: string;
  readonly report: AuditReport;
  /** Files of the run that do not agree. */
  readonly faults: readonly string[];
  /** Whether nothing was attempted that was not declared. */
  readonly ok: boolean;
}

/** What no log shows, one sentence each: an audit that finds nothing proves no more than the rest. */
export const blind: readonly string[] = [
  "what a program did: Deno's sandbox ends where a program begins, and only a box confines it",
  "a program that a step started behind the engine's back: Deno logs no starts, and the record has those that went through the engine",
  "whether an attempt succeeded: the log has no decisions, but what is not granted was refused",
  "where a link led: paths are compared as they were passed, as Deno compares them",
  "what was done with a file or connection once it was open, and with standard input and output",
  "which step it was: the log knows the second, not the step; whoever was at work then is named",
  "imports of the project's own code, the working folder, the path of Deno",
  "what a compiled binary does: Deno writes no log for it",
  "what was taken out of a log by who could write it: a program in no box, and of the logs of steps of others the runner",
];

/** An attempt in the words of a set. */
export function showAttempt(attempt: Attempt): { readonly verb: string; readonly what: string } {
  switch (attempt.kind) {
    case "read":
    case "write":
      return { verb: attempt.kind, what: attempt.path };
    case "net":
      return { verb: "connect or listen", what: attempt.endpoint };
    case "env":
    case "sys":
      return { verb: attempt.kind, what: attempt.name };
    case "other":
      return { verb: attempt.permission, what: attempt.value ?? "everything" };
    case "unclear":
      return {
        verb: attempt.permission,
        what: `${attempt.value} (from a folder that nobody recorded)`,
      };
  }
}
