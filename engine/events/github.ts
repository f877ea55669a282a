import { printable } from "../document/printable.ts";
import type { Token } from "./read_tokens.ts";
import { type StepResult, stepResults } from "./step_results.ts";

/**
 * Tokens as workflow commands of GitHub Actions, which shows them as annotations: failures and
 * steps without an end as errors, skipped steps and undos as notices. Steps that are simply done
 * give none.
 *
 * @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function githubAnnotations(tokens: readonly Token[]): string {
  return stepResults(tokens).flatMap((result) => {
    const shown = annotation(result);
    if (shown === undefined) return [];
    const { level, title, text } = shown;
    return [`::${level} title=${escapeProperty(title)}::${escapeData(text)}\n`];
  }).join("");
}

function annotation(
  { id, status, notes = "", artifact, exit }: StepResult,
): { level: "error" | "notice"; title: string; text: string } | undefined {
  const more = artifact === undefined ? "" : `\nartifact: ${artifact}`;
  switch (status) {
    case "failed": {
      const title = exit === undefined ? `${id} failed` : `${id} failed (exit ${exit})`;
      return { level: "error", title, text: notes + more };
    }
    case "unfinished":
      return {
        level: "error",
        title: `${id} has no end`,
        text: `${id} was started and has neither OK nor FAIL`,
      };
    case "skipped":
      return { level: "notice", title: `${id} was skipped`, text: notes };
    case "ok":
      if (!id.endsWith(".undo")) return undefined;
      return {
        level: "notice",
        title: `${id.slice(0, -".undo".length)} was undone`,
        text: (notes || "undone") + more,
      };
  }
}

/**
 * Tokens as a table in Markdown, for the summary of a job (`$GITHUB_STEP_SUMMARY`).
 *
 * @example
 * ```ts
 * import { markdownSummary } from "./github.ts";
 * import { readTokens } from "./read_tokens.ts";
 * import assert from "node:assert/strict";
 *
 * const { tokens } = readTokens('APPLIANCE_STEP:A0-1:FAIL:{"run":"r","seq":2,"notes":"a | b"}');
 * assert.ok(markdownSummary(tokens).endsWith("| A0-1 | failed |  | a \\| b |\n"));
 * ```
 */
export function markdownSummary(tokens: readonly Token[]): string {
  const runs = Map.groupBy(stepResults(tokens), ({ run }) => run);
  return [...runs].map(([run, results]) =>
    [
      `### Run ${cell(run === "" ? "without an id" : run)}`,
      "",
      "| step | result | seconds | notes |",
      "| --- | --- | ---: | --- |",
      ...results.map(row),
      "",
    ].join("\n")
  ).join("\n");
}

function row({ id, status, elapsed_s, notes = "", artifact }: StepResult): string {
  const seconds = elapsed_s === undefined ? "" : elapsed_s.toFixed(3);
  const said = [notes, ...(artifact === undefined ? [] : [artifact])].filter((text) => text !== "");
  return `| ${cell(id)} | ${status} | ${seconds} | ${said.map(cell).join("<br>")} |`;
}

/** Text in a cell: nothing in it may be read as Markdown or HTML. */
function cell(text: string): string {
  return printable(text.toWellFormed().replaceAll(/[\r\n]+/g, " "))
    .replaceAll(/[\\`*_{}[\]()#+!|~]/g, "\\$&")
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function escapeData(text: string): string {
  const lines = text.replaceAll("%", "%25").toWellFormed().split(/\r\n|[\r\n]/);
  return lines.map(printable).join("%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
