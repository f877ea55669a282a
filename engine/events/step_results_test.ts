import assert from "node:assert/strict";
import { readTokens } from "./read_tokens.ts";
import { stepResults } from "./step_results.ts";

/** Results as `run id status` of tokens written `id:STATUS:run`. */
function results(...tokens: string[]): string[] {
  const lines = tokens.map((token) => {
    const [id, status, run] = token.split(":");
    return `APPLIANCE_STEP:${id}:${status}:${JSON.stringify({ run })}`;
  });
  return stepResults(readTokens(lines.join("\n")).tokens)
    .map(({ run, id, status }) => `${run} ${id} ${status}`);
}

Deno.test("stepResults() keeps runs and repetitions apart, in the order of the starts", () => {
  const tokens = [
    "a:START:r",
    "b:START:r",
    "a:START:q",
    "b:OK:r",
    "a:FAIL:r",
    "a:START:r",
    "a:OK:r",
  ];
  assert.deepEqual(results(...tokens), ["r a failed", "r b ok", "q a unfinished", "r a ok"]);
});

Deno.test("stepResults() counts a step that was interrupted and started again once", () => {
  assert.deepEqual(results("a:START:r", "a:START:r", "a:OK:r"), ["r a ok"]);
});
