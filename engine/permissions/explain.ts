import { grantKey, type TextKind, textKinds } from "./grants.ts";
import type { Permissions, ProgramGrant } from "./permissions.ts";

/** Why a set has a grant. */
export interface Why {
  /** Full id of the step. */
  readonly step: string;
  /** Name of its definition, such as `release.switch`. */
  readonly uses: string;
  /** Whether running it or undoing it needs the grant. */
  readonly phase: "run" | "undo";
  /** The step's place in its pipeline, as the plan has it. */
  readonly file: string;
  readonly line: number;
}

/** One grant of a plan's set with everybody who asked for it. */
export type Explained =
  & ({ readonly kind: TextKind; readonly entry: string } | {
    readonly kind: "run";
    readonly grant: ProgramGrant;
  })
  & { readonly why: readonly Why[] };

/** What of a planned step says where its grants come from. */
export interface ExplainedStep {
  readonly id: string;
  readonly uses: string;
  readonly span: { readonly file: string; readonly line: number };
  readonly permissions: { readonly run: Permissions; readonly undo: Permissions };
}

/**
 * Every grant of a plan with its causes, programs first, then in the order of kinds and of first
 * mention. Nothing is reduced: `normalise` tells which of these are reached by others.
 *
 * @example
 * ```ts
 * import { explain } from "./explain.ts";
 * import { none, permissions } from "./permissions.ts";
 * import assert from "node:assert/strict";
 *
 * const step = {
 *   id: "P5-3",
 *   uses: "release.switch",
 *   span: { file: "apply.yaml", line: 104 },
 *   permissions: { run: permissions({ write: ["/opt/atp"] }), undo: none },
 * };
 * const [{ why }] = explain({ steps: [step], finally: [] });
 * assert.deepEqual(why[0], {
 *   step: "P5-3",
 *   uses: "release.switch",
 *   phase: "run",
 *   file: "apply.yaml",
 *   line: 104,
 * });
 * ```
 */
export function explain(
  plan: { readonly steps: readonly ExplainedStep[]; readonly finally: readonly ExplainedStep[] },
): readonly Explained[] {
  const found = new Map<string, Explained & { why: Why[] }>();
  for (const kind of ["run", ...textKinds] as const) {
    for (const step of [...plan.steps, ...plan.finally]) {
      for (const phase of ["run", "undo"] as const) {
        const { file, line } = step.span;
        const why: Why = { step: step.id, uses: step.uses, phase, file, line };
        for (const entry of step.permissions[phase][kind]) {
          const key = `${kind} ${typeof entry === "string" ? entry : grantKey(entry)}`;
          const known = found.get(key);
          if (known !== undefined) known.why.push(why);
          else if (typeof entry === "string") {
            found.set(key, { kind: kind as TextKind, entry, why: [why] });
          } else found.set(key, { kind: "run", grant: entry, why: [why] });
        }
      }
    }
  }
  return [...found.values()];
}
