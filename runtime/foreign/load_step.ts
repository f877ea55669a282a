import type { ForeignStep } from "../../engine/foreign/foreign_step.ts";

/** How a module begins that holds its own text. */
export const modulePrefix = "data:application/typescript;base64,";

/**
 * Loads the code of a step from its text. As a module of its own it can reach no other file: nothing
 * beside it, nothing from the network, no package, and what Deno has built in only as far as this
 * process may.
 */
export async function loadStep(source: string): Promise<ForeignStep> {
  const bytes = new TextEncoder().encode(source);
  const module = await import(modulePrefix + bytes.toBase64());
  return module.default;
}
