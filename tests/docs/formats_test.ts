// flags: --allow-read=<project>
import assert from "node:assert/strict";
import { jsonLine } from "../../engine/events/json_line.ts";
import { readTokens } from "../../engine/events/read_tokens.ts";
import { formatToken } from "../../engine/events/token.ts";
import { verifyTokens } from "../../engine/events/verify_tokens.ts";
import { planSchema } from "../../engine/plan/plan_schema.ts";
import { verifyChain } from "../../engine/journal/verify_chain.ts";

const page = await Deno.readTextFile(new URL("../../docs/formats.md", import.meta.url));

/** The first example below a heading that is in a given language. */
function example(heading: string, language: string): string {
  const [, section] = page.split(new RegExp(`^#+ ${heading}\n`, "m"));
  const found = new RegExp(`^\`\`\`${language}\n(.*?\n)\`\`\`$`, "ms").exec(section ?? "");
  assert.ok(found, `${heading} has no example`);
  return found[1]!;
}

const events = example("Events", "jsonl").trimEnd().split("\n").map((line) => JSON.parse(line));

Deno.test("docs/formats.md: the tokens are those of the events, and in order", () => {
  const text = example("Tokens", "text");
  const written = events.map((event) => formatToken(event, { mode: "line" }));
  assert.equal(text, written.filter((token) => token !== undefined).join("\n") + "\n");
  const { tokens, problems } = readTokens(text);
  assert.deepEqual([...problems, ...verifyTokens(tokens)], []);
});

Deno.test("docs/formats.md: the mac is right", () => {
  const { tokens } = readTokens(example("The mac", "text"));
  assert.equal(tokens.length, 1);
  const messages = verifyTokens(tokens, { key: "an example, not a key" }).map((one) => one.message);
  assert.deepEqual(messages, ["P5-3 was started and has neither OK nor FAIL"]);
});

Deno.test("docs/formats.md: the line of a JSON log is as we write it", () => {
  const done = events.find(({ type }) => type === "step.done");
  assert.equal(example("In a JSON log", "jsonl"), formatToken(done, { mode: "json" }) + "\n");
});

Deno.test("docs/formats.md: the events are as we write them", () => {
  assert.equal(events.map((event) => `${jsonLine(event)}\n`).join(""), example("Events", "jsonl"));
});

for (const heading of ["The journal", "The audit log"]) {
  Deno.test(`docs/formats.md: ${heading.toLowerCase()} is a whole chain`, () => {
    const text = example(heading, "jsonl");
    const verdict = verifyChain(text);
    assert.deepEqual(verdict.ok && verdict.lines, text.split("\n").length - 1);
  });
}

Deno.test("docs/formats.md: a plan has no member that is not told", () => {
  const section = page.split(/^## /m).find((text) => text.startsWith("Plans\n"))!;
  const told = new Set([...section.matchAll(/`(\w+)`/g)].map(([, word]) => word));
  const { steps, scopes, groups, foreign, every } = planSchema.entries;
  const members = [
    planSchema,
    steps.item,
    scopes.item,
    groups.item,
    foreign.wrapped.value,
    every.wrapped,
    steps.item.entries.when.item,
    steps.item.entries.retry.wrapped,
    steps.item.entries.span,
  ].flatMap(({ entries }) => Object.keys(entries));
  assert.ok(members.length > 50);
  assert.deepEqual(members.filter((member) => !told.has(member)), []);
});
