/**
 * Tokens: the one form in which a machine can follow any run.
 * `APPLIANCE_STEP:<id>:<START|OK|FAIL>[:<json>]`, one line.
 *
 * @module
 */
import { BugError, type ExitCode } from "../errors.ts";
import type { Event } from "./event.ts";
import { jsonLine } from "./json_line.ts";
import { tokenMac } from "./token_mac.ts";

export const tokenPrefix = "APPLIANCE_STEP:";

/** Ids of steps; items and included steps add `.` and a part of their own, an undo `.undo`. */
export const tokenId = /^[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*$/;

export type TokenStatus = "START" | "OK" | "FAIL";

/** The JSON of a token. Ours always has `run` and `seq`. */
export interface TokenDetails {
  /** Id of the run. */
  readonly run?: string;
  /** 1, 2, 3 … over the run, going on after a resume. */
  readonly seq?: number;
  /** Seconds, to the millisecond. */
  readonly elapsed_s?: number;
  /** Path of a file that the step made; it exists. */
  readonly artifact?: string;
  /** With FAIL: the exit code that the error deserves. */
  readonly exit?: ExitCode;
  /** What the step said; with FAIL: the error's message. At most 4,000 characters. */
  readonly notes?: string;
  /** The step did not run; `notes` has the reason. */
  readonly skipped?: true;
}

export interface TokenOptions {
  /** `line`: the token itself. `json`: a line of a JSON log whose field `token` holds the token. */
  readonly mode: "line" | "json";
  /** With it, each token carries a mac. */
  readonly key?: string;
}

/** Characters of notes: some collectors of logs cut lines at 16 KiB. */
const mostNotes = 4000;

/**
 * The token of an event, without a line end; `undefined` for events that have none.
 *
 * @throws BugError when the id of the step could be misread
 *
 * @example
 * ```ts
 * import { formatToken } from "./token.ts";
 * import assert from "node:assert/strict";
 *
 * const base = { v: 1, run: "r1", time: "2026-01-02T03:04:05.006Z" } as const;
 * const event = { ...base, type: "step.skipped", step: "A0-1", token: 2, notes: "not here" } as const;
 * assert.equal(
 *   formatToken(event, { mode: "line" }),
 *   'APPLIANCE_STEP:A0-1:OK:{"run":"r1","seq":2,"notes":"not here","skipped":true}',
 * );
 * ```
 */
export function formatToken(event: Event, { mode, key }: TokenOptions): string | undefined {
  const said = say(event);
  if (said === undefined) return undefined;
  const { id, status, level, details } = said;
  if (!tokenId.test(id)) throw new BugError(`a step has the id ${JSON.stringify(id)}`);
  const json = jsonLine(details);
  const plain = `${tokenPrefix}${id}:${status}:${json}`;
  const token = key === undefined ? plain : withMac(plain, key);
  if (mode === "line") return token;
  const { time: ts, run, type } = event;
  return jsonLine({ level, ts, event: type, run, step: id, token });
}

function withMac(plain: string, key: string): string {
  const signed = plain.slice(0, -1);
  return `${signed},"mac":"${tokenMac(signed, key)}"}`;
}

interface Said {
  readonly id: string;
  readonly status: TokenStatus;
  readonly level: "info" | "warn" | "error";
  readonly details: TokenDetails;
}

function say(event: Event): Said | undefined {
  switch (event.type) {
    case "step.started":
      return { id: event.step, status: "START", level: "info", details: numbers(event) };
    case "step.done":
      return { id: event.step, status: "OK", level: "info", details: ended(event) };
    case "step.skipped":
      return {
        id: event.step,
        status: "OK",
        level: "info",
        details: { ...numbers(event), notes: short(event.notes), skipped: true },
      };
    case "step.failed":
      return {
        id: event.step,
        status: "FAIL",
        level: event.continued ? "warn" : "error",
        details: failed(event),
      };
    case "undo.started":
      return { id: `${event.step}.undo`, status: "START", level: "info", details: numbers(event) };
    case "undo.done":
      return { id: `${event.step}.undo`, status: "OK", level: "info", details: ended(event) };
    case "undo.failed":
      return { id: `${event.step}.undo`, status: "FAIL", level: "error", details: failed(event) };
    default:
      return undefined;
  }
}

function numbers({ run, token }: { run: string; token: number }): TokenDetails {
  return { run, seq: token };
}

function ended(event: Event & { type: "step.done" | "undo.done" }): TokenDetails {
  const { elapsed_s, artifact, notes } = event;
  return {
    ...numbers(event),
    elapsed_s: milliseconds(elapsed_s),
    ...(artifact === undefined ? {} : { artifact }),
    ...(notes === undefined ? {} : { notes: short(notes) }),
  };
}

function failed(event: Event & { type: "step.failed" | "undo.failed" }): TokenDetails {
  const { elapsed_s, error } = event;
  const artifact = event.artifact ?? error.artifact;
  return {
    ...numbers(event),
    elapsed_s: milliseconds(elapsed_s),
    ...(artifact === undefined ? {} : { artifact }),
    exit: error.exit,
    notes: short(oneLine(error.message)),
  };
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

function oneLine(text: string): string {
  const lines = text.split(/[\n\v\f\r\u0085\u2028\u2029]+/).map((line) => line.trim());
  return lines.filter((line) => line !== "").join(" ");
}

function short(text: string): string {
  return text.length <= mostNotes ? text : `${text.slice(0, mostNotes - 1).toWellFormed()}…`;
}
