import type { ExitCode } from "../errors.ts";
import { type TokenDetails, tokenId, tokenPrefix, type TokenStatus } from "./token.ts";

/** A token as it stands in a log. */
export interface Token {
  /** Line of the log, from 1. */
  readonly line: number;
  /** Id of the step; that of an undo ends with `.undo`. */
  readonly id: string;
  readonly status: TokenStatus;
  readonly details: TokenDetails;
  /** The token itself, as it was written. */
  readonly text: string;
}

/** Something that is wrong with a log. */
export interface LogProblem {
  /** Line of the log, from 1. */
  readonly line: number;
  readonly message: string;
}

/**
 * Reads the tokens of a log in either form: lines that begin with `APPLIANCE_STEP:`, or lines that
 * are JSON objects whose field `token` does. Other lines are passed over; a token that cannot be
 * read is a problem. A token in the middle of a line is none, as any program can print one there.
 *
 * @example
 * ```ts
 * import { readTokens } from "./read_tokens.ts";
 * import assert from "node:assert/strict";
 *
 * const { tokens, problems } = readTokens('building\nAPPLIANCE_STEP:A0-1:OK:{"run":"r","seq":2}\n');
 * assert.deepEqual(tokens.map(({ line, id, status }) => [line, id, status]), [[2, "A0-1", "OK"]]);
 * assert.deepEqual(problems, []);
 * ```
 */
export function readTokens(
  text: string,
): { readonly tokens: readonly Token[]; readonly problems: readonly LogProblem[] } {
  const tokens: Token[] = [];
  const problems: LogProblem[] = [];
  const lines = text.replace(/^\ufeff/, "").split("\n");
  for (const [index, raw] of lines.entries()) {
    const found = tokenText(raw.replace(/\r$/, ""));
    if (found === undefined) continue;
    const token = typeof found === "string" ? readToken(found) : found;
    const line = index + 1;
    if ("message" in token) problems.push({ line, message: token.message });
    else tokens.push({ line, ...token });
  }
  return { tokens, problems };
}

interface Unreadable {
  readonly message: string;
}

/** The token of a line of a log, if it has one. */
function tokenText(line: string): string | Unreadable | undefined {
  if (line.startsWith(tokenPrefix)) return line;
  if (!line.startsWith("{") || !line.includes(tokenPrefix)) return undefined;
  try {
    const { token } = JSON.parse(line);
    return typeof token === "string" && token.startsWith(tokenPrefix) ? token : undefined;
  } catch {
    // A program's own line may hold the text anywhere; only one that is cut short lost a token.
    return line.includes(`"token":"${tokenPrefix}`)
      ? { message: "the line with a token is not JSON" }
      : undefined;
  }
}

function readToken(text: string): Omit<Token, "line"> | Unreadable {
  const match = /^APPLIANCE_STEP:([^:]*):([^:]*)(?::(.*))?$/s.exec(text);
  if (match === null) return { message: "the token has no status" };
  const [, id = "", status = "", json] = match;
  if (!tokenId.test(id)) return { message: `${JSON.stringify(id)} is not the id of a step` };
  if (!isStatus(status)) {
    return { message: `${JSON.stringify(status)} is none of START, OK and FAIL` };
  }
  if (json === undefined) return { id, status, details: {}, text };
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { message: `what follows ${id}:${status} is not JSON` };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { message: `what follows ${id}:${status} is not a JSON object` };
  }
  const details = readDetails(value as Record<string, unknown>);
  return typeof details === "string"
    ? { message: `the token ${id}:${status} has a bad value of ${details}` }
    : { id, status, details, text };
}

function isStatus(text: string): text is TokenStatus {
  return text === "START" || text === "OK" || text === "FAIL";
}

const kinds: Readonly<Record<keyof TokenDetails, (value: unknown) => boolean>> = {
  run: (value) => typeof value === "string" && value !== "",
  seq: (value) => Number.isSafeInteger(value) && Number(value) > 0,
  elapsed_s: (value) => typeof value === "number" && value >= 0,
  artifact: (value) => typeof value === "string",
  exit: (value): value is ExitCode => Number.isInteger(value),
  notes: (value) => typeof value === "string",
  skipped: (value) => value === true,
};

/** What we know of the members, or the name of the first whose type is wrong. */
function readDetails(value: Record<string, unknown>): TokenDetails | string {
  const details: Record<string, unknown> = {};
  for (const [name, isRight] of Object.entries(kinds)) {
    if (!Object.hasOwn(value, name)) continue;
    if (!isRight(value[name])) return name;
    details[name] = value[name];
  }
  return details;
}
