import type { Token } from "./read_tokens.ts";
import { type StepResult, stepResults } from "./step_results.ts";

/**
 * Tokens as JUnit XML: a suite a run, a case a step or undo. FAIL is a `failure`, a step without an
 * end an `error`.
 *
 * @see https://github.com/testmoapp/junitxml
 *
 * @example
 * ```ts
 * import { junit } from "./junit.ts";
 * import { readTokens } from "./read_tokens.ts";
 * import assert from "node:assert/strict";
 *
 * const { tokens } = readTokens('APPLIANCE_STEP:A0-1:FAIL:{"run":"r","seq":2,"notes":"a < b"}');
 * assert.match(junit(tokens), /<failure message="a &lt; b"/);
 * ```
 */
export function junit(tokens: readonly Token[]): string {
  const results = stepResults(tokens);
  const runs = Map.groupBy(results, ({ run }) => run);
  const suites = [...runs].map(([run, cases]) => {
    const name = run === "" ? "run without an id" : run;
    return [
      `  <testsuite ${attributes({ name, ...counts(cases) })}>`,
      ...cases.map((each) => testCase(each, name)),
      "  </testsuite>",
    ].join("\n");
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name: "sluice", ...counts(results) })}>`,
    ...suites,
    "</testsuites>",
    "",
  ].join("\n");
}

function counts(results: readonly StepResult[]): Record<string, string> {
  const count = (status: StepResult["status"]) =>
    String(results.filter((result) => result.status === status).length);
  const seconds = results.reduce((sum, { elapsed_s = 0 }) => sum + elapsed_s, 0);
  return {
    tests: String(results.length),
    failures: count("failed"),
    errors: count("unfinished"),
    skipped: count("skipped"),
    time: seconds.toFixed(3),
  };
}

function testCase(result: StepResult, suite: string): string {
  const { id, elapsed_s = 0 } = result;
  const head = attributes({ name: id, classname: suite, time: elapsed_s.toFixed(3) });
  const body = [...verdict(result), ...said(result)].map((line) => `      ${line}\n`).join("");
  return body === "" ? `    <testcase ${head}/>` : `    <testcase ${head}>\n${body}    </testcase>`;
}

function verdict({ status, notes = "", exit }: StepResult): string[] {
  switch (status) {
    case "ok":
      return [];
    case "skipped":
      return [`<skipped ${attributes({ message: notes })}/>`];
    case "unfinished":
      return [`<error ${attributes({ message: "started, and neither OK nor FAIL" })}/>`];
    case "failed":
      return [
        `<failure ${
          attributes({ message: notes, type: exit === undefined ? "FAIL" : `exit ${exit}` })
        }/>`,
      ];
  }
}

/** Notes of what went well, and the artifact. */
function said({ status, notes, artifact }: StepResult): string[] {
  const lines = [
    ...(status === "ok" && notes !== undefined ? [notes] : []),
    ...(artifact === undefined ? [] : [`artifact: ${artifact}`]),
  ];
  return lines.length === 0 ? [] : [`<system-out>${escape(lines.join("\n"))}</system-out>`];
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values).map(([name, value]) => `${name}="${escape(value)}"`).join(" ");
}

/** What XML 1.0 cannot hold at all, even escaped. */
// deno-lint-ignore no-control-regex
const impossible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const reserved: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

function escape(text: string): string {
  return text.toWellFormed().replace(impossible, "\ufffd")
    .replace(/[&<>"\t\n\r]/g, (character) => reserved[character]!);
}
