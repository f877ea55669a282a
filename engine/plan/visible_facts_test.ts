// flags: --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { faults, pipeline } from "./test_pipeline.ts";

Deno.test("resolve() wants facts that may be absent to be guarded, by has() there or in when", async () => {
  const text = (rest: string) =>
    pipeline(`  - { id: s, uses: demo.stage, on_failure: continue, with: { root: /a, bundle: /b } }
  - { id: t, uses: demo.announce, ${rest} }`);
  const unguarded = await faults(text('with: { text: "${{ steps.s.release }}" }'));
  assert.equal(unguarded.length, 1);
  assert.match(unguarded[0]!, /unguarded: step "s" may be skipped or fail/);
  for (
    const guarded of [
      `with: { text: "\${{ has(steps.s.release) ? steps.s.release : '' }}" }`,
      `when: has(steps.s.release), with: { text: "\${{ steps.s.release }}" }`,
      `when: has(steps.s.files) && steps.s.hook, for_each: "\${{ steps.s.files }}", with: { text: "\${{ item }}" }`,
    ]
  ) assert.deepEqual(await faults(text(guarded)), [], guarded);
});

Deno.test("resolve() counts every fact as uncertain under finally, and shows how the run ended", async () => {
  const text = (value: string) =>
    pipeline(
      `  - { id: s, uses: demo.stage, with: { root: /a, bundle: /b } }`,
      "{}",
      `finally:\n  - { id: t, uses: demo.announce, with: { text: "${value}" } }`,
    );
  assert.match((await faults(text("${{ steps.s.release }}")))[0]!, /unguarded/);
  assert.deepEqual(
    await faults(text("${{ run.outcome }} ${{ run.reason }} ${{ run.failed_step }}")),
    [],
  );
  const early = pipeline(
    `  - { id: t, uses: demo.announce, with: { text: "\${{ run.outcome }}" } }`,
  );
  assert.match((await faults(early))[0]!, /run has no member "outcome"/);
});
