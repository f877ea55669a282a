// flags: --allow-read=. --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { InvalidInputError, RefusedError } from "../errors.ts";
import { planDigest, stepDigest } from "./digest.ts";
import type { Plan, PlannedStep } from "./plan.ts";
import { parsePlan } from "./plan_from_json.ts";
import { resolveText, testRegistry } from "./test_registry.ts";

const folder = new URL("../../tests/golden/plan/", import.meta.url);
const { plan: shipped } = await resolveText(
  await Deno.readTextFile(new URL("upgrade.yaml", folder)),
  {
    files: {
      "/srv/demo/switch.yaml": await Deno.readTextFile(new URL("switch.yaml", folder)),
    },
    given: [["bundle", "a.tar.zst"]],
  },
);

/** The shipped plan with something changed and its digests made right again. */
function forged(change: (plan: Plan) => Plan): string {
  const plan = change(shipped!);
  return JSON.stringify({ ...plan, digest: planDigest(plan) });
}

function forgedStep(change: Partial<PlannedStep>): string {
  return forged((plan) => {
    const [first, ...rest] = plan.steps;
    const step = { ...first!, ...change };
    return { ...plan, steps: [{ ...step, digest: stepDigest(step) }, ...rest] };
  });
}

Deno.test("parsePlan() gives back the plan that was shipped", async () => {
  assert.deepEqual(await parsePlan(JSON.stringify(shipped), testRegistry), shipped);
});

Deno.test("parsePlan() does not read what sluice plan tells beside the plan", async () => {
  const told = { ...shipped, shed: { grants: 0, moments: [] } };
  assert.deepEqual(await parsePlan(JSON.stringify(told), testRegistry), shipped);
});

Deno.test("parsePlan() refuses what is no plan of this version", async () => {
  const refuses = (text: string, message: RegExp) =>
    assert.rejects(
      () => parsePlan(text, testRegistry),
      (error) => error instanceof InvalidInputError && message.test(error.message),
      text.slice(0, 80),
    );
  await refuses("{", /not JSON/);
  await refuses("null", /schemaVersion undefined/);
  await refuses('{"schemaVersion": 2}', /schemaVersion 2, not 1/);
  await refuses(
    '{"schemaVersion": 1}',
    /malformed: name is missing; file is missing; params is missing; .*; and \d more$/,
  );
  await refuses(
    JSON.stringify({ ...shipped, steps: {}, every: { period_ms: 0, jitter: "1" }, secrets: [1] }),
    /malformed: secrets\[0\] has to be a text, not 1; steps has to be a list, not Object; every\.period_ms is 0, which it cannot be; every\.jitter has to be a number, not "1"$/,
  );
  await refuses(
    JSON.stringify({ ...shipped, steps: [{ ...shipped!.steps[0], effect: "x" }] }),
    /steps\[0\]\.effect has to be "none" or "reversible" or "irreversible", not "x"$/,
  );
  await refuses(JSON.stringify({ ...shipped, more: 1 }), /malformed: more is no member of it$/);
  await refuses(JSON.stringify({ ...shipped, name: "other" }), /not the one its digest names/);
});

Deno.test("parsePlan() refuses a plan that does not hold together, whatever its digest says", async () => {
  const refuses = (text: string, message: RegExp) =>
    assert.rejects(
      () => parsePlan(text, testRegistry),
      (error) => error instanceof InvalidInputError && message.test(error.message),
    );
  await refuses(
    forged((plan) => ({ ...plan, steps: plan.steps.toReversed() })),
    /does not stand before/,
  );
  await refuses(forged((plan) => ({ ...plan, scopes: [] })), /scope "", which is missing/);
  await refuses(
    forged((plan) => ({ ...plan, steps: [...plan.steps, plan.steps[0]!] })),
    /two steps have the id lock/,
  );
  await refuses(
    forged((plan) => ({ ...plan, groups: [{ id: "x", members: ["y"], max_parallel: 1 }] })),
    /group x has no step y/,
  );
  await refuses(
    forged((plan) => ({ ...plan, scopes: [{ prefix: "", parent: "", params: {} }] })),
    /scope "" has no parent "" before it/,
  );
  await refuses(
    forged((plan) => ({ ...plan, name: "a\nb" })),
    /malformed: name is no name of a pipeline$/,
  );
  for (const id of ["undo", "a.undo", "a.undo.b", "../a", "a..b", "__proto__", "a:OK\n", ""]) {
    await refuses(forgedStep({ id }), /malformed: steps\[0\]\.id is no id of a step$/);
  }
  await refuses(forgedStep({ uses: "demo.gone" }), /which does not exist here/);
  await refuses(
    forgedStep({ params: { root: "relative" } }),
    /parameters that demo.lock does not take/,
  );
  await refuses(forgedStep({ effect: "irreversible" }), /another effect/);
  await refuses(
    forged((plan) => ({
      ...plan,
      steps: plan.steps.map((step) => ({ ...step, digest: `sha256:${"0".repeat(64)}` })),
    })),
    /step lock of the plan is not the one/,
  );
});

Deno.test("parsePlan() refuses other permissions than the steps compute, wider or narrower", async () => {
  const { permissions } = shipped!.steps[0]!;
  for (const read of [["/etc"], []]) {
    const text = forgedStep({
      permissions: { ...permissions, run: { ...permissions.run, read, write: [] } },
    });
    await assert.rejects(() => parsePlan(text, testRegistry), RefusedError);
  }
});
