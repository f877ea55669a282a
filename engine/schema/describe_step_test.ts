// flags: --allow-read=. --allow-env=SLUICE_UPDATE_GOLDEN --ignore-env=LOG_TOKENS,LOG_STREAM
// To rewrite the golden files: deno task golden
import assert from "node:assert/strict";
import * as v from "valibot";
import { compareGolden } from "../../tests/golden.ts";
import { permissions } from "../permissions/permissions.ts";
import { type AnyStep, defineStep } from "../step.ts";
import { describeStep, renderStepText } from "./describe_step.ts";
import { duration, path, secret } from "./types.ts";

const install = defineStep({
  name: "demo.install",
  summary: "Put a release where it belongs",
  effect: "reversible",
  params: v.strictObject({
    root: v.pipe(path(), v.description("Where releases live")),
    mode: v.optional(v.picklist(["fast", "safe"]), "safe"),
    settle: v.optional(v.pipe(duration(), v.description("Time it must stay good")), 90_000),
    keys: v.optional(v.array(secret())),
  }),
  late: v.strictObject({ release: v.string(), suffix: v.optional(v.string(), "") }),
  facts: v.strictObject({ at: v.string(), previous: v.optional(v.string()) }),
  example:
    "uses: demo.install\nwith:\n  root: /opt/demo\n  settle: 5s\n  release: ${{ steps.stage.release }}",
  permissions: ({ root }) => ({
    run: permissions({
      write: [root],
      run: [{ program: "ln", args: ["-s", "a b", "*"], env: ["LANG"], brokered: true }],
    }),
    undo: permissions({ write: [root] }),
  }),
  run: ({ root }) => Promise.resolve({ at: root }),
  undo: () => Promise.resolve(),
});

Deno.test("describeStep() documents a step from its definition", async () => {
  const text = JSON.stringify(describeStep(install), undefined, 2) + "\n";
  await compareGolden("plan/step.json", text);
});

Deno.test("renderStepText() shows it on a terminal", async () => {
  await compareGolden("plan/step.txt", renderStepText(describeStep(install), 80));
});

Deno.test("describeStep() leaves out permissions where the example's parameters are expressions", () => {
  const example = 'uses: demo.install\nwith: { root: "${{ params.root }}", release: a }';
  assert.equal(describeStep({ ...install, example } as AnyStep).permissions, undefined);
});

Deno.test("describeStep() refuses an example that is wrong", () => {
  const example = "uses: demo.install\nwith: { rot: /a }";
  assert.throws(() => describeStep({ ...install, example } as AnyStep), /demo\.install is wrong/);
});
