import type { LogProblem, Token } from "./read_tokens.ts";
import { sameMac, tokenMac } from "./token_mac.ts";

/**
 * Checks the tokens of a log: that the numbers of each run are 1, 2, 3 … without a gap, that OK and
 * FAIL follow a START (a skipped step has none), that undo comes only after a start and that nothing
 * is left open; with a key, that each token has the right mac. A log may hold several runs, and runs
 * that were resumed: a step that was interrupted starts again.
 *
 * What is missing after the last token cannot be seen, unless a step is left open by it.
 *
 * @param options `key`: the key that the tokens were written with
 * @returns the problems, in the order of the lines; empty when the log is in order
 *
 * @example
 * ```ts
 * import { readTokens } from "./read_tokens.ts";
 * import { verifyTokens } from "./verify_tokens.ts";
 * import assert from "node:assert/strict";
 *
 * const { tokens } = readTokens('APPLIANCE_STEP:A0-1:START:{"run":"r","seq":2}');
 * assert.deepEqual(verifyTokens(tokens).map(({ message }) => message), [
 *   "token 1 of run r is missing before token 2",
 *   "A0-1 was started and has neither OK nor FAIL",
 * ]);
 * ```
 */
export function verifyTokens(
  tokens: readonly Token[],
  { key }: { readonly key?: string } = {},
): readonly LogProblem[] {
  const problems: LogProblem[] = [];
  const runs = new Map<string, RunState>();
  for (const token of tokens) {
    const { run = "" } = token.details;
    const state = runs.get(run) ?? { next: 1, open: new Map(), begun: new Set() };
    runs.set(run, state);
    const messages = [
      ...(key === undefined ? [] : macFault(token, key)),
      ...sequenceFault(token, state),
      ...orderFault(token, state),
    ];
    problems.push(...messages.map((message) => ({ line: token.line, message })));
  }
  for (const { open } of runs.values()) {
    for (const [id, line] of open) {
      problems.push({ line, message: `${id} was started and has neither OK nor FAIL` });
    }
  }
  return problems.sort((one, other) => one.line - other.line);
}

interface RunState {
  /** The number that the next token should have. */
  next: number;
  /** Lines of the STARTs without an end, by id. */
  readonly open: Map<string, number>;
  /** Ids that were ever started. */
  readonly begun: Set<string>;
}

const macMember = /,"mac":"([^"]*)"\}$/;

function macFault({ id, status, text }: Token, key: string): string[] {
  const match = macMember.exec(text);
  if (match === null) return [`${id}:${status} has no mac`];
  const right = tokenMac(text.slice(0, match.index), key);
  return sameMac(match[1]!, right) ? [] : [`${id}:${status} has a wrong mac`];
}

function sequenceFault({ id, status, details: { run, seq } }: Token, state: RunState): string[] {
  if (run === undefined || seq === undefined) return [`${id}:${status} has no run or no seq`];
  const { next } = state;
  if (seq < next) return [`token ${seq} of run ${run} comes again, or too late`];
  state.next = seq + 1;
  if (seq === next) return [];
  const missing = seq - next === 1 ? `token ${next}` : `tokens ${next} to ${seq - 1}`;
  const are = seq - next === 1 ? "is" : "are";
  return [`${missing} of run ${run} ${are} missing before token ${seq}`];
}

function orderFault({ id, status, details, line }: Token, { open, begun }: RunState): string[] {
  if (status === "START") {
    const undone = id.endsWith(".undo") ? id.slice(0, -".undo".length) : undefined;
    open.set(id, line);
    begun.add(id);
    return undone === undefined || begun.has(undone)
      ? []
      : [`${undone} is undone before its START`];
  }
  if (open.delete(id) || (status === "OK" && details.skipped)) return [];
  return [`${id}:${status} has no START`];
}
