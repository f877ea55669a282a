import { printable } from "../../engine/document/printable.ts";
import { type ExitCode, exitCode } from "../../engine/errors.ts";
import { githubAnnotations } from "../../engine/events/github.ts";
import { junit } from "../../engine/events/junit.ts";
import { type LogProblem, readTokens, type Token } from "../../engine/events/read_tokens.ts";
import { type StepResult, stepResults } from "../../engine/events/step_results.ts";
import { verifyTokens } from "../../engine/events/verify_tokens.ts";
import type { Asked, Place } from "./port.ts";
import { readBytes } from "./read_text.ts";
import { renderList } from "./render_list.ts";

/**
 * `sluice tokens FILE`: 0 when the tokens of a log are in order, else 1, whatever they say of their
 * steps. With SLUICE_TOKEN_KEY set, each must have the right mac.
 */
export async function tokens(
  { file, as }: Asked<"tokens">,
  { context, port }: Place,
): Promise<ExitCode> {
  const { values } = await port.env(["SLUICE_TOKEN_KEY"]);
  const { SLUICE_TOKEN_KEY: key = "" } = values;
  // Other programs may have written anything into the log: what is no text is no token.
  const text = file === "-"
    ? await port.stdin()
    : new TextDecoder().decode(await readBytes(file, context.cwd));
  const read = readTokens(text);
  const problems = [
    ...read.problems,
    ...verifyTokens(read.tokens, key === "" ? {} : { key }),
    ...(read.tokens.length === 0 ? [{ line: 1, message: "the log holds no token" }] : []),
  ].sort((one, other) => one.line - other.line);
  port.out(render(as, read.tokens, problems));
  const name = file === "-" ? "standard input" : file;
  for (const { line, message } of problems) port.err(`${name}:${line}: ${printable(message)}\n`);
  return problems.length === 0 ? exitCode.done : exitCode.differs;
}

function render(
  form: Asked<"tokens">["as"],
  tokens: readonly Token[],
  problems: readonly LogProblem[],
): string {
  switch (form) {
    case "text":
      return table(stepResults(tokens));
    case "json": {
      const value = { schemaVersion: 1, steps: stepResults(tokens), problems };
      return JSON.stringify(value, null, 2) + "\n";
    }
    case "junit":
      return junit(tokens);
    case "github":
      return githubAnnotations(tokens);
  }
}

function table(results: readonly StepResult[]): string {
  return renderList("table", "steps", results.map((result) => ({ ...result })), [
    ["RUN", (row) => row.run],
    ["STEP", (row) => row.id],
    ["STATUS", (row) => row.status],
    ["SECONDS", (row) => row.elapsed_s?.toFixed(3) ?? ""],
    ["NOTES", (row) => row.notes ?? ""],
  ]);
}
