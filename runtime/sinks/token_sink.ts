import { UsageError } from "../../engine/errors.ts";
import type { Sink } from "../../engine/events/sink.ts";
import { formatToken, type TokenOptions } from "../../engine/events/token.ts";
import { quietly, type Write } from "./quietly.ts";

export interface TokenSinkOptions extends TokenOptions {
  /** To standard output, where nothing but tokens may stand. */
  readonly write: Write;
}

/**
 * Writes the tokens of a run, each as one whole line, and nothing else.
 *
 * @throws UsageError when the key is empty: the macs would be worth nothing
 */
export function tokenSink({ write, ...options }: TokenSinkOptions): Sink {
  if (options.key === "") {
    throw new UsageError("the key for tokens is empty", {
      hint: "give SLUICE_TOKEN_KEY a value, or do not set it",
    });
  }
  const say = quietly(write);
  return {
    event(event) {
      const token = formatToken(event, options);
      if (token !== undefined) say(`${token}\n`);
    },
  };
}
