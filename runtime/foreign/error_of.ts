import type { ForeignError } from "../launch/foreign_messages.ts";
import { modulePrefix } from "./load_step.ts";

/** Most characters of a message: it is shown in a terminal. */
const longest = 2000;

/**
 * What of a thrown value leaves the process of a step of others.
 *
 * @param name as people call its file: stands for the module in places such as `./my_step.ts:3:7`
 */
export function errorOf(error: unknown, name: string): ForeignError {
  if (!(error instanceof Error)) return { name: "Error", message: shorten(String(error), name) };
  if ((error as { code?: unknown }).code === "ERR_MODULE_NOT_FOUND") return unloaded(error, name);
  const { hint, retryable } = error as { hint?: unknown; retryable?: unknown };
  return {
    name: String(error.name),
    message: shorten(String(error.message), name),
    ...(typeof hint === "string" ? { hint: shorten(hint, name) } : {}),
    ...(retryable === true ? { retryable } : {}),
  };
}

// deno-lint-ignore no-control-regex -- Deno colours its words wherever they go.
const colours = /\x1b\[[0-9;]*m/g;

/** Code that Deno could not load: its words, without the excerpt of a line that nobody wrote. */
function unloaded({ message }: Error, name: string): ForeignError {
  const words = message.replaceAll(colours, "").split("\n").filter((line) =>
    !/^\s*\d*\s*\|/.test(line)
  )
    .map((line) => line.trim()).join(" ")
    .replace("invalid URL: relative URL with a cannot-be-a-base base", "it imports a file")
    .replace("npm specifiers were requested; but --no-npm is specified", "it imports a package")
    .replace(
      /^.*remote specifier was requested: (\S+), but --no-remote is specified\./,
      "it imports $1",
    )
    .replace(/^Requires (.*?), run again with the \S+ flag/, "it imports a file: $1");
  const syntax = /^SyntaxError: /.test(words);
  return {
    name: syntax ? "SyntaxError" : "Error",
    message: shorten(words.replace(/^SyntaxError: /, ""), name),
    ...(syntax ? {} : { hint: oneFile }),
  };
}

const oneFile = "a step of others is one file: write import type for what is only a type, and " +
  "put libraries into it with deno bundle";

function shorten(text: string, name: string): string {
  const named = text.split(modulePrefix).map((part, index) =>
    index === 0 ? part : name + part.replace(/^[A-Za-z0-9+/=]*/, "")
  ).join("");
  return named.length > longest ? `${named.slice(0, longest)}…` : named;
}
