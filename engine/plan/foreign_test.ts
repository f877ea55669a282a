// flags: --allow-read=. --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { InvalidInputError, RefusedError } from "../errors.ts";
import { codeDigest } from "../foreign/foreign_code.ts";
import type { Describer } from "../foreign/describer.ts";
import { ForeignFault } from "../foreign/foreign_fault.ts";
import type { JsonObject } from "../json.ts";
import { derive } from "../permissions/derive.ts";
import { digestOf } from "../permissions/digest.ts";
import { deriveForeign } from "../permissions/foreign_sets.ts";
import { planDigest, stepDigest } from "./digest.ts";
import type { Plan } from "./plan.ts";
import { parsePlan } from "./plan_from_json.ts";
import { renderPlanText } from "./render_text.ts";
import { resolveText, testRegistry } from "./test_registry.ts";

const answer = {
  summary: "Count the lines of a file",
  effect: "none",
  params: {
    type: "object",
    properties: {
      file: { type: "string", sluice: "path" },
      wait: { type: "integer", sluice: "duration", default: 5000 },
    },
    required: ["file"],
  },
  late: { type: "object", properties: { most: { type: "integer" } } },
  facts: { type: "object", properties: { lines: { type: "integer" } }, required: ["lines"] },
  permissions: true,
  run: true,
};

interface Told {
  readonly describe?: () => unknown;
  readonly permissions?: (params: JsonObject) => unknown;
}

/** A step of others that answers like this. */
function describer({ describe = () => answer, permissions = reads }: Told = {}): Describer {
  return {
    describe: () => Promise.resolve(describe()),
    permissions: (_code, params) => Promise.resolve(permissions(params)),
  };
}

const reads = ({ file }: JsonObject) => ({ run: { read: [file] } });
const files = { "/srv/demo/count.ts": "code", "/srv/steps/count.ts": "other code" };

const pipeline = (step: string, rest = "") =>
  `sluice: v1\nname: demo\nsteps:\n  - id: count\n    uses: ./count.ts\n${step}${rest}`;

const good = pipeline("    with: { file: hosts }\n");

async function faults(text: string, told: Told = {}) {
  const { diagnostics } = await resolveText(text, { files, describer: describer(told) });
  return diagnostics.map(({ message, span, hint }) =>
    `${span.line}:${span.column} ${message}${hint === undefined ? "" : ` (${hint})`}`
  );
}

async function planned(text = good): Promise<Plan> {
  const { plan, diagnostics } = await resolveText(text, { files, describer: describer() });
  assert.deepEqual(diagnostics, []);
  return plan!;
}

Deno.test("resolve() plans a step of others like one of the registry, with its code", async () => {
  const plan = await planned();
  const [step] = plan.steps;
  const digest = codeDigest("code");
  assert.equal(step?.uses, "./count.ts");
  assert.equal(step?.foreign, digest);
  assert.deepEqual(step?.params, { file: "/srv/demo/hosts", wait: 5000 });
  assert.deepEqual(step?.permissions.run.read, ["/srv/demo/hosts"]);
  assert.deepEqual(Object.keys(plan.foreign!), [digest]);
  assert.equal(plan.foreign![digest]!.source, "code");
  assert.equal(plan.foreign![digest]!.file, "/srv/demo/count.ts");
});

Deno.test("resolve() tells what is wrong with the input of a step of others, at its place", async () => {
  assert.deepEqual(await faults(pipeline("    with: { fil: hosts, wait: 3 }\n")), [
    '5:11 ./count.ts lacks "file" (add file: …, a path)',
    '6:13 ./count.ts has no input "fil" (did you mean "file"?)',
    '6:31 "wait" must be a duration, not the number 3 (add the unit: 3s or 3ms)',
  ]);
});

Deno.test("resolve() types expressions by the facts of a step of others", async () => {
  const next = (value: string) =>
    good + `  - id: next\n    uses: demo.announce\n    with: { text: "\${{ ${value} }}" }\n`;
  assert.deepEqual(await faults(next("string(steps.count.lines)")), []);
  const [fault] = await faults(next("steps.count.lines"));
  assert.match(fault!, /"text" must be a text, but the expression is int/);
  const [unknown] = await faults(next("steps.count.line"));
  assert.match(unknown!, /line.*\(did you mean lines\?\)/);
});

Deno.test("resolve() lets late input of a step of others come from earlier steps", async () => {
  const text = `sluice: v1
name: demo
steps:
  - { id: up, uses: demo.probe, with: { url: "http://127.0.0.1/" } }
  - id: count
    uses: ./count.ts
    with: { file: hosts, most: "\${{ int(steps.up.status) }}" }
`;
  const plan = await planned(text);
  assert.equal(plan.steps[1]!.late["most"]!.kind, "cel");
  const [fault] = await faults(text.replace("most:", "wait:"));
  assert.match(fault!, /"wait" of \.\/count\.ts must be known when planning/);
});

Deno.test("resolve() takes the file from beside the pipeline that names it", async () => {
  const text =
    "sluice: v1\nname: x\nsteps:\n  - { id: a, uses: pipeline, file: ../steps/in.yaml }\n";
  const inner = `sluice: v1
name: inner
steps:
  - { id: count, uses: ./count.ts, with: { file: hosts } }
  - { id: again, uses: ../demo/count.ts, with: { file: hosts } }
`;
  const { plan } = await resolveText(text, {
    files: { ...files, "/srv/steps/in.yaml": inner },
    describer: describer(),
  });
  assert.deepEqual(plan?.steps.map((step) => step.foreign), [
    codeDigest("other code"),
    codeDigest("code"),
  ]);
});

Deno.test("resolve() tells at the uses what is wrong with a step of others", async () => {
  const throws = (message: string, hint?: string) => () => {
    throw new ForeignFault(message, hint);
  };
  const [silent] = await faults(good, { describe: throws("./count.ts did not answer", "look") });
  assert.equal(silent, "5:11 ./count.ts did not answer (look)");
  const [bad] = await faults(good, { describe: () => ({ ...answer, effect: "some" }) });
  assert.match(bad!, /^5:11 \.\/count\.ts: effect has to be one of/);
  const [wide] = await faults(good, { permissions: () => ({ run: { read: ["etc"] } }) });
  assert.match(wide!, /^5:11 \.\/count\.ts: .*no flag grants exactly read "etc"/);
  let deep: unknown = {};
  for (let level = 0; level < 100_000; level++) deep = [deep];
  const [bottomless] = await faults(good, { permissions: () => deep });
  assert.match(bottomless!, /its answer is too deep/);
  assert.deepEqual(await faults(good.replace("./count.ts", "./gone.ts")), [
    "5:11 ./gone.ts cannot be read: there is no such file",
  ]);
  const [text] = await faults(good.replace("./count.ts", "./count.yaml"));
  assert.match(text!, /is no step: a step of others is a file of TypeScript/);
});

Deno.test("resolve() refuses a step of others that answers differently each time", async () => {
  let count = 0;
  const [first] = await faults(good, { describe: () => ({ ...answer, summary: `${count++}` }) });
  assert.match(first!, /asked twice to describe itself, and answered differently/);
  const [second] = await faults(good, { permissions: () => ({ run: { read: [`/${count++}`] } }) });
  assert.match(second!, /asked twice to compute its permissions, and answered differently/);
});

Deno.test("resolve() has no steps of others where nobody can ask them", async () => {
  const { diagnostics } = await resolveText(good, { files });
  assert.match(diagnostics[0]!.message, /\.\/count\.ts cannot be used here/);
});

Deno.test("the runner's set has nothing of a step of others, and the name of all has its code", async () => {
  const plan = await planned();
  assert.deepEqual(derive(plan, { run: "/r" }).read, ["/r"]);
  const sets = deriveForeign(plan);
  assert.deepEqual(sets["count"]?.run.read, ["/srv/demo/hosts"]);
  const name = (code: string) =>
    digestOf(derive(plan, { run: "/r" }), { count: { ...sets["count"]!, code } });
  assert.equal(name(codeDigest("code")), digestOf(derive(plan, { run: "/r" }), sets));
  assert.notEqual(name(codeDigest("changed")), name(codeDigest("code")));
  assert.notEqual(name(codeDigest("code")), digestOf(derive(plan, { run: "/r" })));
});

Deno.test("renderPlanText() says whose code it is, and that it is alone", async () => {
  const text = renderPlanText(await planned(), { color: false, columns: 100 });
  assert.match(
    text,
    /others +a step of others, in a process of its own: \.\/count\.ts\n {8}sha256:[0-9a-f]{64}/,
  );
  // What it is granted goes with its own process: the runner has nothing to give up.
  assert.match(text, /for good\n +nothing: the process begins with \d+ grants, and needs each/);
});

Deno.test("parsePlan() has the code in a plan describe itself again", async () => {
  const plan = await planned();
  const parse = (text: string, told?: Told) => parsePlan(text, testRegistry, describer(told));
  assert.deepEqual(await parse(JSON.stringify(plan)), plan);
  const [digest] = Object.keys(plan.foreign!) as [string];
  const code = plan.foreign![digest]!;
  const forged = (change: Partial<Plan>) => {
    const changed = { ...plan, ...change };
    return JSON.stringify({ ...changed, digest: planDigest(changed) });
  };
  const refuses = (text: string, message: RegExp, told?: Told) =>
    assert.rejects(
      () => parse(text, told),
      (error) => error instanceof InvalidInputError && message.test(error.message),
    );
  await refuses(forged({ foreign: { [digest]: { ...code, source: "x" } } }), /not what/);
  await refuses(forged({ foreign: {} }), /which does not exist here/);
  await refuses(
    forged({ foreign: { ...plan.foreign, [codeDigest("x")]: { ...code, source: "x" } } }),
    /no step uses the code/,
  );
  await refuses(JSON.stringify(plan), /describes itself otherwise/, {
    describe: () => ({ ...answer, summary: "Something else" }),
  });
  const step = { ...plan.steps[0]!, params: { file: 3 } as JsonObject };
  await refuses(
    forged({ steps: [{ ...step, digest: stepDigest(step) }] }),
    /parameters that \.\/count\.ts does not take/,
  );
  await assert.rejects(
    () => parse(JSON.stringify(plan), { permissions: () => ({ run: {} }) }),
    RefusedError,
  );
  await assert.rejects(
    () => parsePlan(JSON.stringify(plan), testRegistry),
    (error) => error instanceof RefusedError && /one of others/.test(error.message),
  );
});
