// flags: --allow-read
import assert from "node:assert/strict";
import * as v from "valibot";
import {
  BusyError,
  FailedError,
  InvalidInputError,
  NotAuthorisedError,
  RefusedError,
  TransientError,
} from "../errors.ts";
import type { Template } from "../plan/plan.ts";
import { strictTests } from "./strict_tests.ts";
import { runPlan, testStep } from "./test_bed.ts";

const test = strictTests("execute()");

const path = (...path: (string | number)[]): Template => ({
  kind: "path",
  path,
  source: path.join("."),
});

const nothing = testStep({ name: "t.nothing" });

function failing(error: Error, name = "t.fail") {
  return testStep({
    name,
    run: () => {
      throw error;
    },
  });
}

/** A reversible step that writes down what it did. */
function recorded(log: string[]) {
  return testStep({
    name: "t.do",
    effect: "reversible",
    run: (_, { id }) => {
      log.push(`do ${id}`);
      return { id };
    },
    undo: (_, facts, { id }) => {
      log.push(`undo ${id} ${facts?.id}`);
    },
  });
}

test("runs steps in order and numbers the tokens from 1", async () => {
  const ran = await runPlan({
    steps: [{ id: "A", uses: "t.nothing" }, { id: "B", uses: "t.nothing" }],
  }, [
    nothing,
  ]);
  assert.equal(ran.tokens, "A+ A= B+ B=");
  assert.deepEqual(ran.events.flatMap((event) => "token" in event ? event.token : []), [
    1,
    2,
    3,
    4,
  ]);
  assert.deepEqual(ran.end, { outcome: "done", exit: 0, undoFailures: [] });
  assert.equal(ran.events[0]!.type, "run.started");
  assert.equal(ran.events.at(-1)!.type, "run.finished");
});

test("starts steps at once that need nothing of each other", async () => {
  const met = Promise.withResolvers<void>();
  let here = 0;
  const meet = testStep({
    name: "t.meet",
    run: async () => {
      if (++here === 2) met.resolve();
      await met.promise;
    },
  });
  const ran = await runPlan({
    steps: [
      { id: "A", uses: "t.meet", needs: [] },
      { id: "B", uses: "t.meet", needs: [] },
      { id: "C", uses: "t.nothing", needs: ["A", "B"] },
    ],
  }, [meet, nothing]);
  assert.equal(ran.end.exit, 0);
  assert.match(ran.tokens, /C\+ C=$/);
});

test("limits how many members of a group run at once, and lists their facts", async () => {
  let now = 0;
  let most = 0;
  const busy = testStep({
    name: "t.busy",
    run: async ({ n }) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve));
      now--;
      return { n };
    },
  });
  let seen: unknown;
  const see = testStep({
    name: "t.see",
    late: v.strictObject({ all: v.array(v.strictObject({ n: v.number() })) }),
    run: ({ all }) => void (seen = all),
  });
  const members = [1, 2, 3, 4, 5].map((n) => ({
    id: `G.${n}`,
    uses: "t.busy",
    needs: [],
    params: { n },
    item: n,
  }));
  const ran = await runPlan({
    groups: [{ id: "G", members: members.map(({ id }) => id), max_parallel: 2 }],
    steps: [
      ...members,
      { id: "S", uses: "t.see", needs: ["G"], late: { all: path("steps", "G") } },
    ],
  }, [busy, see]);
  assert.equal(ran.end.exit, 0);
  assert.equal(most, 2);
  assert.deepEqual(seen, [1, 2, 3, 4, 5].map((n) => ({ n })));
});

test("has an empty list of facts for a group without members", async () => {
  const see = testStep({ name: "t.see", late: v.strictObject({ all: v.array(v.any()) }) });
  const ran = await runPlan({
    groups: [{ id: "G", members: [], max_parallel: 1 }],
    steps: [{ id: "S", uses: "t.see", needs: ["G"], late: { all: path("steps", "G") } }],
  }, [see]);
  assert.equal(ran.tokens, "S+ S=");
});

test("gives a step the facts of earlier ones, checked by its late schema", async () => {
  const make = testStep({ name: "t.make", run: () => ({ size: 3 }) });
  const use = testStep({
    name: "t.use",
    late: v.strictObject({ size: v.number() }),
    run: ({ size, unit }) => ({ text: `${size} ${unit}` }),
  });
  const steps = (size: Template) => [
    { id: "A", uses: "t.make" },
    { id: "B", uses: "t.use", params: { unit: "MB" }, late: { size } },
  ];
  const good = await runPlan({ steps: steps(path("steps", "A", "size")) }, [make, use]);
  const done = good.events.findLast((event) => event.type === "step.done")!;
  assert.deepEqual(done.facts, { text: "3 MB" });

  const bad = await runPlan({ steps: steps({ kind: "value", value: "big" }) }, [make, use]);
  assert.equal(bad.end.exit, 2);
  assert.equal(bad.end.failure?.step, "B");
  assert.match(bad.end.failure.error.message, /input of B .*with\.size: .*number/);

  const missing = await runPlan({ steps: steps(path("steps", "A", "length")) }, [make, use]);
  assert.equal(missing.end.exit, 2);
  assert.match(missing.end.failure!.error.message, /with\.size: .*steps\.A\.length/);
});

test("fails a step whose facts are not what it declares", async () => {
  const facts = v.strictObject({ n: v.number() });
  const wrong = testStep({ name: "t.wrong", facts, run: () => ({ n: "1" }) });
  const ran = await runPlan({ steps: [{ id: "A", uses: "t.wrong" }] }, [wrong]);
  assert.equal(ran.end.exit, 70);
  assert.match(ran.end.failure!.error.message, /A \(t\.wrong\) .*facts\.n/);

  const date = testStep({ name: "t.date", run: () => ({ at: [new Date(0)] }) });
  const dated = await runPlan({ steps: [{ id: "A", uses: "t.date" }] }, [date]);
  assert.equal(dated.end.exit, 70);
  assert.match(dated.end.failure!.error.message, /facts\.at\[0\]/);
});

test("fails a step that names an artifact which does not exist", async () => {
  const missing = new URL("./nonexistent/file", import.meta.url).pathname;
  const lie = testStep({ name: "t.lie", run: (_, ctx) => ctx.emit.artifact(missing) });
  const ran = await runPlan({ steps: [{ id: "A", uses: "t.lie" }] }, [lie]);
  assert.equal(ran.tokens, "A+ A!");
  assert.match(ran.end.failure!.error.message, /artifact \S*\/nonexistent\/file/);
});

test("skips a step whose condition is false, and runs what needs it", async () => {
  const when = (source: string) => [{ scope: "", condition: { kind: "cel", source } as const }];
  const ran = await runPlan({
    params: { wanted: false },
    steps: [
      { id: "A", uses: "t.nothing", when: when("params.wanted") },
      { id: "B", uses: "t.nothing", when: when("!has(steps.A)") },
    ],
  }, [nothing]);
  assert.equal(ran.tokens, "A- B+ B=");
  const skipped = ran.events.find((event) => event.type === "step.skipped")!;
  assert.equal(skipped.notes, "when: ${{ params.wanted }} is false");
  assert.equal(ran.end.exit, 0);
});

test("runs a late for_each once an item, and undoes each item", async () => {
  const log: string[] = [];
  const list = testStep({ name: "t.list", run: () => ({ names: ["x", "y"] }) });
  const make = testStep({
    name: "t.make",
    effect: "reversible",
    late: v.strictObject({ name: v.string() }),
    run: ({ name }) => ({ made: name }),
    undo: ({ name }, facts, { id }) => void log.push(`${id} ${name} ${facts.made}`),
  });
  let seen: unknown;
  const end = testStep({
    name: "t.end",
    late: v.strictObject({ all: v.any() }),
    run: ({ all }) => {
      seen = all;
      throw new FailedError("no");
    },
  });
  const ran = await runPlan({
    steps: [
      { id: "L", uses: "t.list" },
      {
        id: "M",
        uses: "t.make",
        for_each: path("steps", "L", "names"),
        late: { name: path("item") },
      },
      { id: "E", uses: "t.end", late: { all: path("steps", "M") } },
    ],
  }, [list, make, end]);
  assert.equal(
    ran.tokens,
    "L+ L= M.1+ M.1= M.2+ M.2= E+ E! M.2.undo+ M.2.undo= M.1.undo+ M.1.undo=",
  );
  assert.deepEqual(seen, [{ made: "x" }, { made: "y" }]);
  assert.deepEqual(log, ["M.2 y y", "M.1 x x"]);
  assert.equal(ran.end.exit, 5);
});

test("skips a late for_each over an empty list, whose facts are an empty list", async () => {
  const list = testStep({ name: "t.list", run: () => ({ names: [] }) });
  const see = testStep({ name: "t.see", late: v.strictObject({ all: v.array(v.any()) }) });
  const ran = await runPlan({
    steps: [
      { id: "L", uses: "t.list" },
      { id: "M", uses: "t.nothing", for_each: path("steps", "L", "names") },
      { id: "S", uses: "t.see", late: { all: path("steps", "M") } },
    ],
  }, [list, nothing, see]);
  assert.equal(ran.tokens, "L+ L= M- S+ S=");
});

test("asks for all preconditions before the first effect, and tells all that fail", async () => {
  const log: string[] = [];
  const check = (error?: Error) => (_: unknown, { id }: { id: string }) => {
    log.push(id);
    if (error !== undefined) throw error;
  };
  const steps = [
    recorded(log),
    testStep({ name: "t.good", check: check() }),
    testStep({ name: "t.busy", check: check(new BusyError("held by 1")) }),
    testStep({ name: "t.bad", check: check(new InvalidInputError("no")) }),
  ];
  const ran = await runPlan({
    steps: [
      { id: "A", uses: "t.do" },
      { id: "B", uses: "t.good" },
      { id: "C", uses: "t.busy" },
    ],
    finally: [{ id: "Z", uses: "t.bad" }],
  }, steps);
  assert.deepEqual(log, ["B", "C", "Z"]);
  assert.equal(ran.tokens, "C+ C! Z+ Z!");
  assert.equal(ran.end.outcome, "busy");
  assert.equal(ran.end.exit, 10);
  assert.equal(ran.end.failure?.step, "C");
});

test("does not ask the precondition of a step that known values leave out", async () => {
  const never = testStep({
    name: "t.never",
    check: () => {
      throw new FailedError("asked");
    },
  });
  const condition = { kind: "cel", source: "params.service != 'none'" } as const;
  const part = { id: "A", uses: "t.never", when: [{ scope: "", condition }] };
  const out = await runPlan({ params: { service: "none" }, steps: [part] }, [never]);
  assert.equal(out.tokens, "A-");
  const asked = await runPlan({ params: { service: "systemd" }, steps: [part] }, [never]);
  assert.equal(asked.end.exit, 4);
});

test("undoes what completed in reverse order when a step fails, and ends 5", async () => {
  const log: string[] = [];
  const ran = await runPlan({
    steps: [
      { id: "A", uses: "t.do" },
      { id: "B", uses: "t.do" },
      { id: "C", uses: "t.fail" },
      { id: "D", uses: "t.do" },
    ],
    finally: [{ id: "Z", uses: "t.nothing" }],
  }, [recorded(log), failing(new NotAuthorisedError("no key")), nothing]);
  assert.deepEqual(log, ["do A", "do B", "undo B B", "undo A A"]);
  assert.equal(
    ran.tokens,
    "A+ A= B+ B= C+ C! B.undo+ B.undo= A.undo+ A.undo= Z+ Z=",
  );
  assert.equal(ran.end.outcome, "undone");
  assert.equal(ran.end.exit, 5);
  assert.equal(ran.end.failure?.error.message, "no key");
});

test("ends with the error's own code when nothing had to be undone", async () => {
  const codes = [
    [new InvalidInputError(""), 2, "failed"],
    [new FailedError(""), 4, "failed"],
    [new NotAuthorisedError(""), 6, "failed"],
    [new RefusedError(""), 7, "refused"],
    [new BusyError(""), 10, "busy"],
    [new TypeError("x is not a function"), 70, "failed"],
    [new Deno.errors.NotFound("no such file"), 4, "failed"],
  ] as const;
  for (const [error, exit, outcome] of codes) {
    const ran = await runPlan({ steps: [{ id: "A", uses: "t.fail" }] }, [failing(error)]);
    assert.equal(ran.end.exit, exit, error.constructor.name);
    assert.equal(ran.end.outcome, outcome);
  }
});

test("takes back what the failed step left, and keeps its code", async () => {
  const undone: unknown[] = [];
  const half = testStep({
    name: "t.half",
    effect: "reversible",
    run: () => {
      throw new NotAuthorisedError("bad signature");
    },
    undo: (_, facts) => void undone.push(facts),
  });
  const ran = await runPlan({ steps: [{ id: "A", uses: "t.half" }] }, [half]);
  assert.equal(ran.tokens, "A+ A! A.undo+ A.undo=");
  assert.deepEqual(undone, [undefined]);
  assert.equal(ran.end.exit, 6);
});

test("undoes the other steps when one undo fails, and ends 4", async () => {
  const log: string[] = [];
  const stuck = testStep({
    name: "t.stuck",
    effect: "reversible",
    undo: () => {
      throw new FailedError("stuck");
    },
  });
  const ran = await runPlan({
    steps: [
      { id: "A", uses: "t.do" },
      { id: "B", uses: "t.stuck" },
      { id: "C", uses: "t.fail" },
    ],
  }, [recorded(log), stuck, failing(new BusyError("busy"))]);
  assert.equal(ran.tokens, "A+ A= B+ B= C+ C! B.undo+ B.undo! A.undo+ A.undo=");
  assert.equal(ran.end.exit, 4);
  assert.equal(ran.end.failure?.step, "C");
  assert.deepEqual(ran.end.undoFailures.map(({ step, error }) => [step, error.message]), [[
    "B",
    "stuck",
  ]]);
});

test("keeps what a commit released", async () => {
  const log: string[] = [];
  const ran = await runPlan({
    steps: [
      { id: "A", uses: "t.do" },
      { id: "B", uses: "t.do", commit: true },
      { id: "C", uses: "t.do" },
      { id: "D", uses: "t.fail" },
    ],
  }, [recorded(log), failing(new FailedError("no"))]);
  assert.deepEqual(log, ["do A", "do B", "do C", "undo C C"]);
  assert.equal(ran.end.exit, 5);
});

test("commits a group once, after its last member", async () => {
  const log: string[] = [];
  const member = (n: number) => ({ id: `G.${n}`, uses: n === 2 ? "t.fail" : "t.do", commit: true });
  const ran = await runPlan({
    groups: [{ id: "G", members: ["G.1", "G.2"], max_parallel: 1 }],
    steps: [member(1), member(2)],
  }, [recorded(log), failing(new FailedError("no"))]);
  assert.deepEqual(log, ["do G.1", "undo G.1 G.1"]);
  assert.equal(ran.end.exit, 5);
});

test("goes on after a step that may fail, undoes nothing and ends 3", async () => {
  const log: string[] = [];
  const ran = await runPlan({
    steps: [
      { id: "A", uses: "t.do" },
      { id: "B", uses: "t.fail", on_failure: "continue" },
      { id: "C", uses: "t.do" },
    ],
  }, [recorded(log), failing(new FailedError("no"))]);
  assert.equal(ran.tokens, "A+ A= B+ B! C+ C=");
  assert.deepEqual(log, ["do A", "do C"]);
  assert.equal(ran.end.outcome, "degraded");
  assert.equal(ran.end.exit, 3);
});

test("undoes a step that may fail, at its place, when a later one fails for good", async () => {
  const log: string[] = [];
  const half = testStep({
    name: "t.half",
    effect: "reversible",
    run: () => {
      throw new FailedError("half");
    },
    undo: (_, facts, { id }) => void log.push(`undo ${id} ${facts}`),
  });
  const ran = await runPlan({
    steps: [
      { id: "A", uses: "t.do" },
      { id: "B", uses: "t.half", on_failure: "continue" },
      { id: "C", uses: "t.do" },
      { id: "D", uses: "t.fail" },
    ],
  }, [recorded(log), half, failing(new FailedError("no"))]);
  assert.deepEqual(log, ["do A", "do C", "undo C C", "undo B undefined", "undo A A"]);
  assert.equal(ran.end.exit, 5);
});

test("has no facts of a for_each of which an item failed", async () => {
  const list = testStep({ name: "t.list", run: () => ({ names: ["x", "y"] }) });
  const some = testStep({
    name: "t.some",
    late: v.strictObject({ name: v.string() }),
    run: ({ name }) => {
      if (name === "y") throw new FailedError("no y");
      return { name };
    },
  });
  const condition = { kind: "cel", source: "has(steps.M)" } as const;
  const ran = await runPlan({
    steps: [
      { id: "L", uses: "t.list" },
      {
        id: "M",
        uses: "t.some",
        for_each: path("steps", "L", "names"),
        late: { name: path("item") },
      },
      { id: "N", uses: "t.nothing" },
    ],
    finally: [{ id: "Z", uses: "t.nothing", when: [{ scope: "", condition }] }],
  }, [list, some, nothing]);
  assert.equal(ran.tokens, "L+ L= M.1+ M.1= M.2+ M.2! Z-");
});

test("stops and awaits the others when one fails, then undoes them", async () => {
  const log: string[] = [];
  const begun = Promise.withResolvers<void>();
  const slow = testStep({
    name: "t.slow",
    effect: "reversible",
    run: async (_, ctx) => {
      begun.resolve();
      await ctx.clock.sleep(60_000, ctx.signal).finally(() => log.push("stopped"));
    },
    undo: (_, facts) => void log.push(`undone ${facts}`),
  });
  const fail = testStep({
    name: "t.fail",
    run: async () => {
      await begun.promise;
      throw new FailedError("no");
    },
  });
  const ran = await runPlan({
    steps: [
      { id: "A", uses: "t.slow", needs: [] },
      { id: "B", uses: "t.fail", needs: [] },
      { id: "C", uses: "t.nothing", needs: ["B"] },
    ],
  }, [slow, fail, nothing]);
  assert.equal(ran.tokens, "A+ B+ B! A! A.undo+ A.undo=");
  assert.deepEqual(log, ["stopped", "undone undefined"]);
  assert.equal(ran.end.failure?.step, "B");
  assert.equal(ran.end.exit, 5);
  const stopped = ran.events.findLast((event) => event.type === "step.failed")!;
  assert.equal(stopped.error.message, "stopped, since B failed");
});

test("tells finally steps how the run stands", async () => {
  const seen: unknown[] = [];
  const late = {
    outcome: path("run", "outcome"),
    step: path("run", "failed_step"),
    reason: path("run", "reason"),
  };
  const tell = testStep({
    name: "t.tell",
    late: v.strictObject({ outcome: v.string(), step: v.string(), reason: v.string() }),
    run: (input, ctx) => void seen.push({ ...input, failure: ctx.run.failure?.step }),
  });
  const last = [{ id: "Z", uses: "t.tell", late }];
  await runPlan({ steps: [{ id: "A", uses: "t.nothing" }], finally: last }, [nothing, tell]);
  await runPlan({ steps: [{ id: "A", uses: "t.fail" }], finally: last }, [
    failing(new FailedError("no disk")),
    tell,
  ]);
  assert.deepEqual(seen, [
    { outcome: "done", step: "", reason: "", failure: undefined },
    { outcome: "failed", step: "A", reason: "no disk", failure: "A" },
  ]);
});

test("runs every finally step, and a failing one makes a done run fail", async () => {
  const parts = {
    finally: [{ id: "Y", uses: "t.fail" }, { id: "Z", uses: "t.nothing" }],
    steps: [{ id: "A", uses: "t.nothing" }],
  };
  const ran = await runPlan(parts, [nothing, failing(new InvalidInputError("no"))]);
  assert.equal(ran.tokens, "A+ A= Y+ Y! Z+ Z=");
  assert.equal(ran.end.outcome, "failed");
  assert.equal(ran.end.exit, 4);
  assert.equal(ran.end.failure?.step, "Y");
});

test("ends what steps hold in reverse order, after undo and finally", async () => {
  const log: string[] = [];
  const hold = testStep({
    name: "t.hold",
    holds: true,
    run: (_, ctx) => ctx.scope.defer(() => void log.push(`end ${ctx.id}`)),
  });
  await runPlan({
    steps: [
      { id: "A", uses: "t.hold" },
      { id: "B", uses: "t.do" },
      { id: "C", uses: "t.hold" },
      { id: "D", uses: "t.fail" },
    ],
    finally: [{ id: "Z", uses: "t.do" }],
  }, [hold, recorded(log), failing(new FailedError("no"))]);
  assert.deepEqual(log, ["do B", "undo B B", "do Z", "end C", "end A"]);
});

test("reports what cannot be ended, and the run is not done", async () => {
  const hold = testStep({
    name: "t.hold",
    run: (_, ctx) =>
      ctx.scope.defer(() => {
        throw new FailedError("will not close");
      }),
  });
  const ran = await runPlan({ steps: [{ id: "A", uses: "t.hold" }] }, [hold]);
  assert.equal(ran.end.exit, 4);
  assert.deepEqual(ran.end.failure?.error.message, "will not close");
});

test("retries only what may be retried", async () => {
  let tries = 0;
  const flaky = testStep({
    name: "t.flaky",
    run: () => {
      if (++tries < 3) throw new TransientError("refused");
      return { tries };
    },
  });
  const retry = { attempts: 5, delay_ms: 1, max_delay_ms: 1, jitter: 0 };
  const ran = await runPlan({ steps: [{ id: "A", uses: "t.flaky", retry }] }, [flaky]);
  assert.equal(ran.tokens, "A+ A=");
  const retries = ran.events.filter((event) => event.type === "step.retrying");
  assert.deepEqual(retries.map(({ attempt }) => attempt), [1, 2]);

  const hard = await runPlan({ steps: [{ id: "A", uses: "t.fail", retry }] }, [
    failing(new FailedError("no")),
  ]);
  assert.equal(hard.events.filter((event) => event.type === "step.retrying").length, 0);
});

test("ends 124 when a step's deadline passed and nothing was to be undone", async () => {
  const slow = testStep({ name: "t.slow", run: (_, ctx) => ctx.clock.sleep(60_000, ctx.signal) });
  const ran = await runPlan({ steps: [{ id: "A", uses: "t.slow", timeout_ms: 5 }] }, [slow]);
  assert.equal(ran.end.exit, 124);
  assert.equal(ran.end.outcome, "timed-out");
});

test("journals with fsync only around steps that have an effect, before it tells", async () => {
  const log: string[] = [];
  let told = 0;
  const ran = await runPlan(
    {
      steps: [{ id: "A", uses: "t.nothing" }, { id: "B", uses: "t.do" }],
    },
    [nothing, recorded(log)],
    { onEvent: () => told++ },
  );
  const synced = ran.journal.synced.flatMap((record) => "step" in record ? record.step : []);
  assert.deepEqual(synced, ["B", "B"]);
  assert.ok(told > 0);

  const quiet = await runPlan({ steps: [{ id: "A", uses: "t.nothing" }] }, [nothing]);
  assert.equal(quiet.journal.synced.length, 0);
});

test("gives an included pipeline its own parameters and ids", async () => {
  const make = testStep({ name: "t.make", run: ({ n }) => ({ n }) });
  const seen: unknown[] = [];
  const see = testStep({
    name: "t.see",
    late: v.strictObject({ size: v.number(), inner: v.number() }),
    run: (input, { id }) => void seen.push({ id, ...input }),
  });
  const scopes = [
    { prefix: "", params: {} },
    { prefix: "I.", parent: "", params: { size: path("steps", "A", "n"), no: path("steps", "Q") } },
  ];
  const ran = await runPlan({
    scopes,
    steps: [
      { id: "A", uses: "t.make", params: { n: 7 } },
      { id: "I.A", uses: "t.make", params: { n: 8 }, scope: "I." },
      {
        id: "I.S",
        uses: "t.see",
        scope: "I.",
        late: { size: path("params", "size"), inner: path("steps", "A", "n") },
      },
      {
        id: "S",
        uses: "t.see",
        late: { size: path("steps", "A", "n"), inner: path("steps", "I.A", "n") },
      },
    ],
  }, [make, see]);
  assert.equal(ran.end.exit, 0, `${ran.end.failure?.error.message}`);
  assert.deepEqual(seen, [{ id: "I.S", size: 7, inner: 8 }, { id: "S", size: 7, inner: 8 }]);
});

test("commits a late for_each once, after its last item", async () => {
  const log: string[] = [];
  const list = testStep({ name: "t.list", run: () => ({ names: ["x", "y"] }) });
  const items = { uses: "t.do", for_each: path("steps", "L", "names"), commit: true };
  const ran = await runPlan({
    steps: [
      { id: "L", uses: "t.list" },
      { id: "M", ...items },
      { id: "N", uses: "t.do" },
      { id: "E", uses: "t.fail" },
    ],
  }, [list, recorded(log), failing(new FailedError("no"))]);
  assert.deepEqual(log, ["do M.1", "do M.2", "do N", "undo N N"]);
  assert.equal(ran.journal.entries.filter(({ type }) => type === "committed").length, 1);
});

test("ends what a failed attempt holds before it tries again", async () => {
  let held = false;
  let attempts = 0;
  const lock = testStep({
    name: "t.lock",
    run: (_, ctx) => {
      if (held) throw new FailedError("held by its own first attempt");
      held = true;
      ctx.scope.defer(() => void (held = false));
      if (++attempts === 1) throw new TransientError("again");
    },
  });
  const retry = { attempts: 2, delay_ms: 0, max_delay_ms: 0, jitter: 0 };
  const ran = await runPlan({ steps: [{ id: "A", uses: "t.lock", retry }] }, [lock]);
  assert.equal(ran.end.exit, 0);
  assert.equal(held, false);
});

test("refuses a plan for other steps, naming all of them", async () => {
  const steps = [{ id: "A", uses: "t.nothing" }, { id: "B", uses: "x.y" }, {
    id: "C",
    uses: "x.z",
  }];
  const work = runPlan({ steps }, [nothing]);
  await assert.rejects(work, (error: Error) => {
    assert.equal(error.name, "InvalidInputError");
    assert.match(error.message, /B uses x\.y.*C uses x\.z/);
    return true;
  });
});
