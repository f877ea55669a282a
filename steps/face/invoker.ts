/** One call of an action of the agent. */
export interface Invocation {
  readonly action: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Aborts when the caller has gone. */
  readonly signal: AbortSignal;
}

/** What became of it. */
export interface InvocationResult {
  readonly success: boolean;
  /** As it is where it is a text, else JSON. */
  readonly result: string;
  readonly error: string;
  readonly duration_ms: number;
}

/** Calls actions of the agent, wherever its code runs. */
export interface Invoker {
  /** Names of its actions. */
  methods(): readonly string[];
  /**
   * @throws TransientError when the agent's process is gone before it has answered
   * @throws BusyError when too many calls are open
   */
  invoke(invocation: Invocation): Promise<InvocationResult>;
}
