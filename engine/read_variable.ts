import { InvalidInputError } from "./errors.ts";

/**
 * A variable of the environment; `undefined` where it is not set. One that holds no UTF-8 text is a
 * fault that names it, while Deno's own would show its value, and that may be a secret.
 *
 * Needs the grant on the variable.
 *
 * @throws InvalidInputError when its value is no UTF-8 text
 *
 * @example
 * ```ts
 * import { readVariable } from "./read_variable.ts";
 * import assert from "node:assert/strict";
 *
 * const get = (name: string) => name === "HOME" ? "/root" : undefined;
 * assert.equal(readVariable("HOME", get), "/root");
 * assert.equal(readVariable("PATH", get), undefined);
 * ```
 */
export function readVariable(
  name: string,
  get: (name: string) => string | undefined = (name) => Deno.env.get(name),
): string | undefined {
  try {
    return get(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.InvalidData)) throw error;
    throw new InvalidInputError(`the variable ${name} holds no UTF-8 text`, {
      hint: `give ${name} another value, or do not set it`,
    });
  }
}

/** Whether something is a name that a variable of the environment may have here. */
export function isVariableName(name: unknown): name is string {
  return typeof name === "string" && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}
