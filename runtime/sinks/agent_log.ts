import type { ExitCode } from "../../engine/errors.ts";
import type { Event } from "../../engine/events/event.ts";
import { jsonLine } from "../../engine/events/json_line.ts";
import type { Sink } from "../../engine/events/sink.ts";
import { formatToken } from "../../engine/events/token.ts";
import type { Json } from "../../engine/json.ts";
import { quietly, type Write } from "./quietly.ts";

/** How much a line matters, from least to most. */
export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = typeof logLevels[number];

export interface AgentLogOptions {
  /** To standard output, where nothing but lines of the log may stand. */
  readonly write: Write;
  /** Whose boot it is, in every line; `null` where nobody said. */
  readonly agentAppId: string | null;
  readonly deploymentId: string | null;
  /** Lines that matter less are left out; a line with a token never is. */
  readonly level: LogLevel;
  /** With it, each token carries a mac. */
  readonly key?: string | undefined;
  now(): Date;
}

/** The log of an agent's runtime: JSON lines `{level, ts, agentAppId, deploymentId, event, details}`. */
export interface AgentLog {
  /** Writes the events of the run, with the token of a step in the field `token` of its line. */
  readonly sink: Sink;
  /** Writes what went wrong outside of a run: one line for each fault. */
  fault(text: string): void;
  /** Writes the last line, unless the run did. */
  exit(code: ExitCode): void;
}

interface Line {
  readonly level: LogLevel;
  readonly event: string;
  readonly details: Readonly<Record<string, Json>>;
}

/**
 * Makes the log that PAR writes instead of tokens and progress. `event` is the id of the step that a
 * line is about, `agent.output` for what the agent's own code printed, `exit` for the last line.
 * Queries and credentials of URLs stand in no line but those of the agent itself.
 */
export function agentLog(options: AgentLogOptions): AgentLog {
  const say = quietly(options.write);
  const { agentAppId, deploymentId, level: least, key } = options;
  let ended = false;
  const put = ({ level, event, details }: Line, ts: string, token?: string) => {
    if (token === undefined && logLevels.indexOf(level) < logLevels.indexOf(least)) return;
    const line = { level, ts, agentAppId, deploymentId, event, details };
    say(`${jsonLine({ ...line, ...(token === undefined ? {} : { token }) })}\n`);
  };
  const now = () => options.now().toISOString();
  return {
    sink: {
      event(told) {
        // What the agent prints is its own.
        const event = told.type === "output"
          ? told
          : bare(told as unknown as Json) as unknown as Event;
        const line = lineOf(event);
        if (line === undefined) return;
        if (event.type === "run.finished") ended = true;
        const mac = key === undefined ? {} : { key };
        put(line, event.time, formatToken(event, { mode: "line", ...mac }));
      },
      output: (text) => put({ level: "info", event: "agent.output", details: { text } }, now()),
    },
    fault(text) {
      for (const details of faultsOf(text)) {
        const level = details.severity === "warning" ? "warn" : "error";
        put({ level, event: "config", details: bare(details) }, now());
      }
    },
    exit(exit) {
      if (ended) return;
      ended = true;
      put({ level: exit === 0 ? "info" : "error", event: "exit", details: { exit } }, now());
    },
  };
}

function lineOf(event: Event): Line | undefined {
  switch (event.type) {
    case "step.started":
      return line("info", event.step, { state: "started", summary: event.summary });
    case "step.done": {
      const { elapsed_s, facts } = event;
      return line("info", event.step, { state: "done", elapsed_s, ...flat(facts) });
    }
    case "step.skipped":
      return line("info", event.step, { state: "skipped", reason: event.notes });
    case "step.failed": {
      const { step, elapsed_s, error } = event;
      const level = event.continued ? "warn" : "error";
      return line(level, step, { state: "failed", elapsed_s, ...why(error) });
    }
    case "step.retrying": {
      const { step, attempt, delay_ms, error } = event;
      return line("warn", step, { state: "retrying", attempt, delay_ms, ...why(error) });
    }
    case "undo.started":
      return line("info", event.step, { state: "undoing" });
    case "undo.done":
      return line("info", event.step, { state: "undone", elapsed_s: event.elapsed_s });
    case "undo.failed":
      return line("error", event.step, { state: "not undone", ...why(event.error) });
    case "note":
      return line(event.severity === undefined ? "info" : "warn", event.step, { note: event.text });
    case "progress": {
      const { step, done, total, unit, label } = event;
      const known = { ...(total === undefined ? {} : { total }), ...(label ? { label } : {}) };
      return line("debug", step, { state: "progress", done, unit, ...known });
    }
    case "output": {
      const { step, program, stream, text } = event;
      return line("info", "agent.output", { step, program, stream, text });
    }
    case "run.finished": {
      const { outcome, exit, elapsed_s, failure } = event;
      const reason = failure === undefined ? {} : { step: failure.step, ...why(failure.error) };
      return line(exit === 0 ? "info" : "error", "exit", { ...reason, outcome, exit, elapsed_s });
    }
    default:
      return undefined;
  }
}

function line(level: LogLevel, event: string, details: Readonly<Record<string, Json>>): Line {
  return { level, event, details };
}

/**
 * Faults that are listed by their places need no excerpts for a terminal, and a cause that came with
 * every attempt is told once: the journal has them all.
 */
function why(
  { message, hint, causes, exit, details }: (Event & { type: "step.failed" })["error"],
): Record<string, Json> {
  const faults = details?.["faults"];
  return {
    ...(faults === undefined ? { message } : { message: message.split("\n", 1)[0]!, faults }),
    ...(hint === undefined ? {} : { hint }),
    ...(causes === undefined ? {} : { causes: [...new Set(causes)] }),
    exit,
  };
}

/** Facts that are one value each: lists and mappings are in the journal. */
function flat(facts: Readonly<Record<string, Json>>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(facts).filter(([, value]) => typeof value !== "object" || value === null),
  );
}

/** One fault for each diagnostic where the text is a report of them, else the text itself. */
function faultsOf(text: string): readonly Record<string, Json>[] {
  try {
    const { diagnostics } = JSON.parse(text);
    if (Array.isArray(diagnostics)) return diagnostics;
  } catch {
    // It is for people.
  }
  const [message = "", ...hints] = text.replace(/^sluice: /, "").split("\n  help: ");
  if (message.trim() === "") return [];
  return [{
    message: message.trim(),
    ...(hints.length === 0 ? {} : { hint: hints.join("; ").trim() }),
  }];
}

/** The same without the queries, fragments and credentials of URLs. */
function bare<T extends Json>(value: T): T {
  if (typeof value === "string") return bareText(value) as T;
  if (Array.isArray(value)) return value.map(bare) as unknown as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, bare(one)])) as T;
}

function bareText(text: string): string {
  return text.replaceAll(
    /\b([a-z][a-z0-9+.-]*:\/\/)([^\s"'<>]*)/gi,
    (_, scheme: string, rest: string) => {
      const place = rest.replace(/^[^/?#]*@/, "***@");
      return scheme + place.replace(/[?#].*$/, "?***");
    },
  );
}
