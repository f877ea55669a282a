/**
 * Lets all hostile steps loose in one pipeline, and shows of each what came of it.
 *
 * @module
 */
import assert from "node:assert/strict";
import { foreignFile, type ForeignRun, runAccepted } from "../cli/foreign_bed.ts";
import { type Bed, makeBed } from "./bed.ts";
import type { Refusal, Seen, StepCase, Succeeds } from "./case.ts";
import { stepCases } from "./step_cases.ts";

/** Declares a test for each, after all have run once. */
export async function showGallery(box: "none" | "bubblewrap"): Promise<void> {
  const bed = await makeBed();
  const cases = stepCases.filter(({ needsBox }) => box !== "none" || needsBox !== true);
  const run = await runAll(cases, bed, box);
  const connections = bed.connections();
  const sanitize = { sanitizeOps: false, sanitizeResources: false };

  for (const one of cases) {
    Deno.test({
      name: `${one.name}: ${one.attack}`,
      ...sanitize,
      async fn() {
        const seen = seenOf(run, one);
        const expected = box === "none" ? one.unboxed ?? one.refused : one.refused;
        holds(expected, seen);
        await one.after?.(bed, seen);
      },
    });
  }

  Deno.test({
    name: "no hostile step was refused by chance: each works where its layer is away",
    ...sanitize,
    fn: () => showReal(cases, bed),
  });

  Deno.test({
    name: "no hostile step reached a listener, changed a file, or wrote a token",
    ...sanitize,
    async fn() {
      assert.equal(connections, 0);
      const tokens = run.stdout.trimEnd().split("\n")
        .map((line) => line.split(":").slice(0, 3).join(":"));
      const expected = cases.flatMap(({ name }) => {
        const end = seenOf(run, { name }).error === undefined ? "OK" : "FAIL";
        return [`APPLIANCE_STEP:${name}:START`, `APPLIANCE_STEP:${name}:${end}`];
      });
      assert.deepEqual(tokens, expected);
      await bed.close();
    },
  });
}

async function runAll(cases: readonly StepCase[], bed: Bed, box: string): Promise<ForeignRun> {
  const steps = cases.map(({ name, with: input, keys = "" }) => {
    const given = JSON.stringify(input?.(bed) ?? {});
    return `  - { id: ${name}, uses: ./${name}.ts, on_failure: continue, ${keys} with: ${given} }\n`;
  });
  for (const one of cases) {
    await Deno.writeTextFile(`${bed.folder}/${one.name}.ts`, foreignFile(one.step(bed)));
  }
  const text = `sluice: v1\nname: gallery\nsteps:\n${steps.join("")}`;
  await Deno.writeTextFile(`${bed.folder}/gallery.yaml`, text);
  const run = await runAccepted("gallery.yaml", {
    cwd: bed.folder,
    args: ["--box", box],
    env: { HOSTILE_OWN: "hunter1-of-my-own", HOSTILE_OTHER: "hunter2-of-another" },
    stdin: "typed by the user\n",
  });
  if (!run.events.some(({ type }) => type === "run.finished")) {
    throw new Error(`the run did not end: ${run.code}\n${run.said.join("\n")}`);
  }
  return run;
}

function seenOf(run: ForeignRun, { name }: Pick<StepCase, "name">): Seen {
  const own = run.events.filter((event) => event["step"] === name || event["id"] === name);
  const done = own.find(({ type }) => type === "step.done") as Seen | undefined;
  const failed = own.find(({ type }) => type === "step.failed") as Seen | undefined;
  const output = own.filter(({ type }) => type === "output").map(({ text }) => String(text));
  return {
    ...(done?.facts === undefined ? {} : { facts: done.facts }),
    ...(done?.artifact === undefined ? {} : { artifact: done.artifact }),
    ...(failed?.error === undefined ? {} : { error: failed.error }),
    output,
    run,
  };
}

function holds(expected: Refusal | Succeeds, seen: Seen): void {
  const { facts, error, output } = seen;
  if ("error" in expected) {
    assert.ok(error !== undefined, `it went through: ${JSON.stringify([facts, output])}`);
    assert.match(`${error.name}: ${error.message}`, expected.error);
  } else {
    assert.ok(error === undefined, `${error?.name}: ${error?.message}`);
    assert.deepEqual(facts, expected.facts);
  }
}

/** Runs the same files in one plain Deno with all that they want. */
async function showReal(cases: readonly StepCase[], bed: Bed): Promise<void> {
  const real = cases.filter((one) => one.real !== undefined);
  const jobs = real.map(({ name, with: input }) => ({ name, input: input?.(bed) ?? {} }));
  await Deno.writeTextFile(`${bed.folder}/real.ts`, realScript(jobs));
  const flags = new Set(real.flatMap((one) => one.real!(bed)));
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", "--no-check", "--no-config", "--cached-only"],
      ...flags,
      `${bed.folder}/real.ts`,
    ],
    cwd: bed.folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const lines = new TextDecoder().decode(stdout).split("\n");
  const told = lines.filter((line) => line.startsWith("real ")).map((line) => line.slice(5));
  assert.deepEqual(
    told,
    real.map(({ name }) => `${name} reached`),
    new TextDecoder().decode(stderr),
  );
}

/** What the system itself says no to, or is not there, was reached: the sandbox let it through. */
const realScript = (jobs: unknown) => `
const past = [
  Deno.errors.PermissionDenied, Deno.errors.NotFound, Deno.errors.ConnectionRefused,
  Deno.errors.AddrNotAvailable, Deno.errors.BadResource,
];
for (const { name, input } of ${JSON.stringify(jobs)}) {
  const step = (await import("./" + name + ".ts")).default;
  const ctx = {
    id: name,
    emit: { note() {}, artifact() {}, progress() {} },
    exec: async ({ program, args, env }) => {
      const { code, stdout } = await new Deno.Command(program, { args, env }).output();
      return { code, stdout: new TextDecoder().decode(stdout), stderr: "" };
    },
  };
  try {
    await step.run(input, ctx);
    console.log("real " + name + " reached");
  } catch (error) {
    const reached = past.some((kind) => error instanceof kind);
    console.log("real " + name + " " + (reached ? "reached" : error.name + ": " + error.message));
  }
}
Deno.exit(0);
`;
