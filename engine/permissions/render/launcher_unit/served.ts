/**
 * What a unit has to know of a pipeline that stays up: read from its text, and from no value.
 */
export interface Served {
  /** Names of the variables that its parameters are given by, in order. */
  readonly variables: readonly string[];
  /** Those without which it does not start. */
  readonly required: readonly string[];
  /** How long what was accepted may take when it is told to end, where a variable says that. */
  readonly drain?: { readonly variable: string; readonly seconds: number };
  /** Whether a run that failed waits before its exit, longer each time. */
  readonly slows: boolean;
}
