// flags: --allow-read=<project> --allow-env=SLUICE_UPDATE_GOLDEN
import assert from "node:assert/strict";
import { compareGolden } from "../../tests/golden.ts";
import { githubAnnotations, markdownSummary } from "./github.ts";
import { junit } from "./junit.ts";
import { readTokens } from "./read_tokens.ts";

const { tokens, problems } = readTokens([
  'APPLIANCE_STEP:P5-1:START:{"run":"upgrade-7","seq":1}',
  'APPLIANCE_STEP:P5-1:START:{"run":"upgrade-7","seq":2}',
  'APPLIANCE_STEP:P5-1:OK:{"run":"upgrade-7","seq":3,"elapsed_s":1.5,"artifact":"/tmp/plan.json","notes":"1.0.0 → 1.1.0"}',
  'APPLIANCE_STEP:hook:OK:{"run":"upgrade-7","seq":4,"notes":"the release has no <hook>","skipped":true}',
  'APPLIANCE_STEP:P5-4:START:{"run":"upgrade-7","seq":5}',
  'APPLIANCE_STEP:P5-4:FAIL:{"run":"upgrade-7","seq":6,"elapsed_s":60.001,"artifact":"/tmp/rollback.log","exit":4,"notes":"\\"bad\\" & 50%: a|b, \\u001b[31m\\n\\ud800"}',
  'APPLIANCE_STEP:P5-1.undo:START:{"run":"upgrade-7","seq":7}',
  'APPLIANCE_STEP:P5-1.undo:OK:{"run":"upgrade-7","seq":8,"elapsed_s":0.25}',
  'APPLIANCE_STEP:P5-9:START:{"run":"upgrade-8","seq":1}',
].join("\n"));

Deno.test("junit() is the golden text", async () => {
  assert.deepEqual(problems, []);
  await compareGolden("tokens/junit.xml", junit(tokens));
});

Deno.test("junit() of no tokens is a document", () => {
  assert.equal(
    junit([]),
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
      '<testsuites name="sluice" tests="0" failures="0" errors="0" skipped="0" time="0.000">\n' +
      "</testsuites>\n",
  );
});

Deno.test("junit() holds nothing that XML cannot", () => {
  const notes = Array.from({ length: 0x100 }, (_, code) => String.fromCharCode(code)).join("") +
    "]]>\ud800\ufffe\uffff";
  const text = junit([{ line: 1, id: "a", status: "FAIL", details: { notes }, text: "" }]);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(text, /[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]/);
  assert.equal(text.split("<").length, text.split(">").length);
});

Deno.test("githubAnnotations() is the golden text", async () => {
  await compareGolden("tokens/github.txt", githubAnnotations(tokens));
});

Deno.test("markdownSummary() is the golden text", async () => {
  await compareGolden("tokens/summary.md", markdownSummary(tokens));
});
