import type { AnyStep } from "./step.ts";

/** The steps that a program knows, by name. */
export type Registry = ReadonlyMap<string, AnyStep>;

/**
 * Builds a registry.
 *
 * @throws Error when two steps have one name
 */
export function makeRegistry(steps: readonly AnyStep[]): Registry {
  const registry = new Map<string, AnyStep>();
  for (const step of steps) {
    if (registry.has(step.name)) throw new Error(`two steps are named ${step.name}`);
    registry.set(step.name, step);
  }
  return registry;
}
