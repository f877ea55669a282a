/**
 * Pipelines as texts, what is wrong with them, and what is planned for them. Of the tests.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { PlannedStep } from "./plan.ts";
import { resolveText, type TestFiles } from "./test_registry.ts";

/** The text of a pipeline; steps and what follows them as they stand in YAML. */
export function pipeline(steps: string, params = "{}", rest = ""): string {
  return `sluice: v1\nname: x\nparams: ${params}\nsteps:\n${steps}\n${rest}`;
}

/** What is wrong with a text where nobody gives values: place, code and message of each fault. */
export async function faults(text: string, options: TestFiles = {}): Promise<readonly string[]> {
  const { diagnostics } = await resolveText(text, { plan: false, ...options });
  return diagnostics.map(({ span, code, message }) =>
    `${span.file.replace("/srv/demo/", "")}:${span.line}:${span.column} ${code}: ${message}`
  );
}

/** The steps of the plan of a text that has no fault, those under `finally` last. */
export async function planned(
  text: string,
  options: TestFiles = {},
): Promise<readonly PlannedStep[]> {
  const { plan, diagnostics } = await resolveText(text, options);
  assert.deepEqual(diagnostics.filter(({ severity }) => severity === "error"), []);
  return [...plan!.steps, ...plan!.finally];
}

/** What each step needs, by its id. */
export function needsOf(steps: readonly PlannedStep[]): Record<string, readonly string[]> {
  return Object.fromEntries(steps.map((step) => [step.id, step.needs]));
}
