// flags: --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { faults, needsOf, pipeline, planned } from "./test_pipeline.ts";
import { resolveText } from "./test_registry.ts";

Deno.test("resolve() makes members of a known list and a group of them", async () => {
  const { plan } = await resolveText(pipeline(
    `  - { id: p, uses: demo.probe, for_each: ["http://a/", "http://b/"], max_parallel: 2, with: { url: "\${{ item }}" } }
  - { id: q, uses: demo.announce, with: { text: "\${{ string(steps.p[0].status) }}" } }
  - { id: none, uses: demo.lock, for_each: [], with: { root: /a } }
  - { id: r, uses: demo.lock, with: { root: /a } }`,
  ));
  assert.deepEqual(plan!.groups, [
    { id: "p", members: ["p.1", "p.2"], max_parallel: 2 },
    { id: "none", members: [], max_parallel: 1 },
  ]);
  assert.deepEqual(needsOf(plan!.steps), {
    "p.1": [],
    "p.2": [],
    q: ["p.1", "p.2"],
    r: ["q"],
  });
  assert.deepEqual(plan!.steps.map(({ item }) => item), [
    "http://a/",
    "http://b/",
    undefined,
    undefined,
  ]);
  assert.notEqual(plan!.steps[0]!.digest, plan!.steps[1]!.digest);
});

Deno.test("resolve() keeps a late list as a template on one step", async () => {
  const [, each] = await planned(pipeline(
    `  - { id: s, uses: demo.stage, with: { root: /a, bundle: /b } }
  - { id: e, uses: demo.announce, for_each: "\${{ steps.s.files }}", max_parallel: 3, with: { text: "\${{ item }}" } }`,
  ));
  assert.equal(each!.id, "e");
  assert.equal(each!.for_each?.kind, "path");
  assert.equal(each!.max_parallel, 3);
  assert.deepEqual(each!.late.text, { kind: "path", path: ["item"], source: "item" });
});

Deno.test("resolve() judges items of a literal list each by its type", async () => {
  const text = (list: string) =>
    pipeline(
      `  - { id: a, uses: demo.announce, for_each: ${list}, with: { text: "\${{ item }}" } }`,
    );
  assert.deepEqual(await faults(text("[a, b]")), []);
  assert.deepEqual(await faults(text("[a, 1]")), [
    'main.yaml:5:72 ill-typed: "text" must be a text, but the expression is int',
  ]);
});
