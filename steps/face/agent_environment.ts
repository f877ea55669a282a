/** Where the values of an agent's environment come from. */
export interface AgentEnvironment {
  /** `environment` of the manifest, as it is written. */
  readonly declared: Readonly<Record<string, string>>;
  /** What the operator lets the agent have, by name: it comes before what the manifest says. */
  readonly given: Readonly<Record<string, string>>;
}

/**
 * The environment that a manifest asks for: `${NAME}` is the value that the operator gives, else
 * nothing, and `${NAME:-default}` the default. Anything else stays as it is written.
 *
 * @example
 * ```ts
 * import { agentEnvironment } from "./agent_environment.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(
 *   agentEnvironment({ declared: { MODE: "${MODE:-fast}", KEY: "k-${KEY}" }, given: { KEY: "1" } }),
 *   { MODE: "fast", KEY: "1" },
 * );
 * ```
 */
export function agentEnvironment({ declared, given }: AgentEnvironment): Record<string, string> {
  const fill = (text: string) =>
    text.replaceAll(
      /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g,
      (_, name: string, fallback = "") => Object.hasOwn(given, name) ? given[name]! : fallback,
    );
  const filled = Object.entries(declared).map(([name, text]) => [name, fill(text)] as const);
  return { ...Object.fromEntries(filled), ...given };
}
