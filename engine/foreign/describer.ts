import type { JsonObject } from "../json.ts";

/** Code of others, as text. */
export interface NamedSource {
  /** As people call its file, such as `./my_step.ts`. */
  readonly name: string;
  readonly source: string;
}

/**
 * Asks code of others questions, in a process without any permission. The answers are JSON that
 * nobody has looked at.
 */
export interface Describer {
  /** @throws ForeignFault when the code cannot be loaded, throws, or does not answer in time */
  describe(code: NamedSource): Promise<unknown>;
  /** @throws ForeignFault in the same cases */
  permissions(code: NamedSource, params: JsonObject): Promise<unknown>;
}
