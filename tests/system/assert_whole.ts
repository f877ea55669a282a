import assert from "node:assert/strict";
import { verifyChain } from "../../engine/journal/verify_chain.ts";
import { verifyRelease } from "../../steps/release/verify_release.ts";
import type { Appliance } from "./appliance.ts";

/**
 * What must be true of an installation whatever happened to a command, once that was taken up again:
 * `current` is the expected release, whole, the last one that proved good, and the one that answers;
 * nothing half made is left; no line of the audit log is damaged.
 */
export async function assertWhole(appliance: Appliance, version: string): Promise<void> {
  const { root } = appliance;
  assert.equal(await Deno.readLink(`${root}/current`), `releases/${version}`);
  await verifyRelease(`${root}/releases/${version}`, new AbortController().signal);
  assert.equal((await Deno.readTextFile(`${root}/.previous`)).trim(), version);
  assert.equal(await appliance.answer(), version);
  const halfMade = [...names(root), ...names(`${root}/releases`)].filter((name) =>
    name.endsWith(".staging") || name.endsWith(".new") || name.startsWith(".current.")
  );
  assert.deepEqual(halfMade, []);
  await assertChain(appliance.audit);
}

/** Asserts that a hash-chained log has a line, and no damaged or unfinished one. */
export async function assertChain(file: string): Promise<void> {
  const verdict = verifyChain(await Deno.readFile(file));
  assert.ok(verdict.ok && verdict.torn === 0 && verdict.lines > 0, JSON.stringify(verdict));
}

/** Outcomes that the audit log has of a run, in their order. */
export async function auditedOutcomes({ audit }: Appliance, run: string): Promise<string[]> {
  const lines = (await Deno.readTextFile(audit)).trimEnd().split("\n");
  const entries = lines.map((line) => JSON.parse(line) as { run: string; outcome: string });
  return entries.filter((entry) => entry.run === run).map(({ outcome }) => outcome);
}

function names(folder: string): readonly string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name);
}
