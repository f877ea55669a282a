import type { AgentLog } from "../sinks/agent_log.ts";
import type { LockText } from "./lock_text.ts";
import type { LaunchPlaces } from "./places.ts";
import type { Signatures } from "./signed/signatures_of.ts";
import type { Output } from "./open_output.ts";
import type { Runner } from "./start_runner.ts";
import type { Write } from "./write_output.ts";

/** One command line that the launcher is at work on. */
export interface Launching {
  readonly args: readonly string[];
  readonly places: LaunchPlaces;
  readonly lock: LockText;
  readonly signatures: Signatures;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Tells people, or the log of an agent's runtime, what went wrong. */
  readonly fault: Write;
  /** The log of an agent's runtime, where the command line asks for it. */
  readonly log: AgentLog | undefined;
  /** Fires when the user asks for the end before there is a runner. */
  readonly signal: AbortSignal;
  /** Whom a request for the end concerns from now on. */
  began(runner: Runner): void;
}
