import { BugError } from "../../engine/errors.ts";
import type { GivenAtStart } from "../../engine/events/follow_up.ts";
import type { Sink } from "../../engine/events/sink.ts";
import type { TokenForm } from "../../engine/events/token_form.ts";
import type { AgentLog } from "../sinks/agent_log.ts";
import { jsonSink } from "../sinks/json_sink.ts";
import { textSink } from "../sinks/text_sink.ts";
import { tokenSink } from "../sinks/token_sink.ts";
import { keepUp } from "../sinks/keep_up.ts";
import type { Output } from "./open_output.ts";

/** How a run is shown. */
export interface Showing {
  readonly tokens: TokenForm;
  /** Where `tokens` asks for it: all that is told. */
  readonly log?: AgentLog | undefined;
  readonly events: "text" | "json";
  /** With it, each token carries a mac. */
  readonly key?: string | undefined;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Whether standard error is a terminal that may be coloured. */
  readonly color: boolean;
  /** Its width, where it is a terminal. */
  readonly columns?: number | undefined;
  /** What whoever goes on with the run has to give again. */
  readonly given: GivenAtStart;
}

/**
 * Where the events of a run go: tokens to standard output, everything for people to standard error.
 *
 * @throws UsageError when the key is empty
 */
export function openSinks(
  { tokens, events, log, key, stdout, stderr, color, columns, given }: Showing,
): readonly Sink[] {
  if (tokens === "agent-log") {
    if (log === undefined) throw new BugError("nobody opened the log of the agent's runtime");
    return [keepUp(log.sink, stdout.behind)];
  }
  const { write } = stderr;
  return [
    tokenSink({ write: stdout.write, mode: tokens, ...(key === undefined ? {} : { key }) }),
    keepUp(
      events === "json"
        ? jsonSink({ write })
        : textSink({ write, color, given, ...(columns === undefined ? {} : { columns }) }),
      stderr.behind,
    ),
  ];
}
