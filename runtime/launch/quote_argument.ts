/**
 * An argument as a POSIX shell has to be given it, for commands that are shown to be copied.
 *
 * @example
 * ```ts
 * import { quoteArgument } from "./quote_argument.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(quoteArgument("root=/opt/atp"), "root=/opt/atp");
 * assert.equal(quoteArgument("it's $HOME"), `'it'\\''s $HOME'`);
 * ```
 */
export function quoteArgument(text: string): string {
  if (/^[A-Za-z0-9@%+=:,./_-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
