/**
 * Sluice as a library: what a program needs that builds plans, defines steps or reads what runs
 * leave behind. The programs themselves are in `runtime/`.
 *
 * @example
 * ```ts
 * import { parseDocument } from "./mod.ts";
 * import assert from "node:assert/strict";
 *
 * const { diagnostics } = parseDocument("sluice: v1\nname: empty\nsteps: []\n", "empty.yaml");
 * assert.equal(diagnostics[0]?.span.line, 3);
 * ```
 *
 * @module
 */
export type { Diagnostic, Span } from "./engine/diagnostic.ts";
export type { Document } from "./engine/document/document.ts";
export { parseDocument } from "./engine/document/parse.ts";
export * from "./engine/errors.ts";
export type { Event } from "./engine/events/event.ts";
export { readTokens } from "./engine/events/read_tokens.ts";
export { verifyTokens } from "./engine/events/verify_tokens.ts";
export { execute } from "./engine/execute/execute.ts";
export type { ForeignContext, ForeignStep } from "./engine/foreign/foreign_step.ts";
export { openJournal } from "./engine/journal/journal.ts";
export { verifyChain } from "./engine/journal/verify_chain.ts";
export { covers } from "./engine/permissions/covers.ts";
export { derive } from "./engine/permissions/derive.ts";
export { none, type Permissions, permissions } from "./engine/permissions/permissions.ts";
export type { Plan } from "./engine/plan/plan.ts";
export { resolve } from "./engine/plan/resolve.ts";
export { makeRegistry, type Registry } from "./engine/registry.ts";
export { duration, path, secret, size, url } from "./engine/schema/types.ts";
export { defineStep, type Step, type StepContext } from "./engine/step.ts";
