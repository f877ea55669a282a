// Needs no more than to be started: what would be revoked is only written down.
import assert from "node:assert/strict";
import { FailedError, InterruptedError } from "../errors.ts";
import { none, type Permissions, permissions } from "../permissions/permissions.ts";
import type { Template } from "../plan/plan.ts";
import { strictTests } from "./strict_tests.ts";
import { memoryJournal, type PlanParts, type RunOptions, runPlan, testStep } from "./test_bed.ts";
import { testClock } from "./test_clock.ts";

const test = strictTests("execute()");

const steps = [
  testStep({ name: "s.look" }),
  testStep({ name: "s.make", effect: "reversible" }),
  testStep({ name: "s.hold", holds: true, run: (_, { scope }) => void scope.defer(() => {}) }),
  testStep({
    name: "s.fail",
    effect: "reversible",
    run: () => {
      throw new FailedError("no");
    },
  }),
];

/** What a step needs: `id` to run, `id.undo` to be undone. */
function needs(id: string, more: Partial<Permissions> = {}) {
  return {
    permissions: {
      run: permissions({ env: [id], ...more }),
      undo: permissions({ env: [`${id}.undo`] }),
    },
  };
}

/** Runs a plan; gives tokens of steps and, in brackets, what was shed between them. */
async function story(parts: PlanParts, options: RunOptions = {}): Promise<string> {
  const told: string[] = [];
  await runPlan(parts, [...steps], {
    shed: () => [],
    ...options,
    onEvent(event) {
      options.onEvent?.(event);
      if (event.type === "shed") told.push(`[${Object.values(event.grants).flat().join(" ")}]`);
      else if (event.type === "undo.done") told.push(`${event.step}.undo`);
      else if ("token" in event && !event.type.endsWith(".started")) told.push(event.step);
    },
  });
  return told.join(" ");
}

const value = (of: boolean | number[]): Template => ({ kind: "value", value: of });

test("sheds what a step needed when it has ended, and its undo when the steps are over", async () => {
  const ids = ["A", "B"];
  const parts = {
    steps: ids.map((id) => ({ id, uses: "s.make", ...needs(id) })),
    finally: [{ id: "Z", uses: "s.look", ...needs("Z") }],
  };
  assert.equal(await story(parts), "A [A] B [B] [A.undo B.undo] Z [Z Z.undo]");
});

test("sheds after the last line of a step is in the journal", async () => {
  const journal = memoryJournal();
  const shed = () => [`${journal.entries.at(-1)!.type}`];
  const notes: string[] = [];
  const onEvent: RunOptions["onEvent"] = (event) =>
    void (event.type === "note" && notes.push(`${event.step} ${event.text}`));
  await story({ steps: [{ id: "A", uses: "s.look", ...needs("A") }] }, { journal, shed, onEvent });
  assert.deepEqual(notes, ["A step.done"]);
});

test("keeps undos until a commit releases them", async () => {
  const parts = {
    steps: [
      { id: "A", uses: "s.make", ...needs("A") },
      { id: "B", uses: "s.make", commit: true, ...needs("B") },
      { id: "C", uses: "s.make", ...needs("C") },
    ],
  };
  assert.equal(await story(parts), "A [A] B [A.undo B B.undo] C [C] [C.undo]");
});

test("keeps nothing for the undo of what had no effect", async () => {
  const parts = { steps: [{ id: "A", uses: "s.look", ...needs("A") }] };
  assert.equal(await story(parts), "A [A A.undo]");
});

test("keeps what undo needs when a step fails, and sheds it undo by undo", async () => {
  const parts = {
    steps: [
      { id: "A", uses: "s.make", ...needs("A") },
      { id: "B", uses: "s.fail", ...needs("B") },
      { id: "C", uses: "s.make", ...needs("C") },
    ],
    finally: [{ id: "Z", uses: "s.look", ...needs("Z") }],
  };
  assert.equal(
    await story(parts),
    "A [A] B [B] [C C.undo] B.undo [B.undo] A.undo [A.undo] Z [Z Z.undo]",
  );
});

test("keeps what a failed step with on_failure: continue needs for its undo", async () => {
  const parts = {
    steps: [
      { id: "A", uses: "s.fail", on_failure: "continue" as const, ...needs("A") },
      { id: "B", uses: "s.look", ...needs("B") },
    ],
  };
  assert.equal(await story(parts), "A [A] B [B B.undo] [A.undo]");
});

test("keeps what a step needs whose things are still in the scope", async () => {
  const parts = {
    steps: [
      { id: "A", uses: "s.hold", ...needs("A") },
      { id: "B", uses: "s.look", ...needs("B") },
    ],
  };
  assert.equal(await story(parts), "A [A.undo] B [B B.undo]");
});

test("sheds at once what a known condition leaves out, and the rest when it is skipped", async () => {
  const never = { when: [{ scope: "", condition: value(false) }] };
  const late: Template = { kind: "cel", source: "run.outcome != ''" };
  const parts = {
    steps: [
      { id: "A", uses: "s.look", ...needs("A") },
      { id: "B", uses: "s.make", ...never, ...needs("B") },
      { id: "C", uses: "s.make", when: [{ scope: "", condition: late }], ...needs("C") },
    ],
  };
  assert.equal(await story(parts), "[B B.undo] A [A A.undo] B C [C C.undo]");
});

test("sheds what the items of a step need after the last of them", async () => {
  const parts = {
    steps: [
      { id: "A", uses: "s.make", for_each: value([1, 2]), ...needs("A") },
      { id: "B", uses: "s.look", ...needs("B") },
    ],
  };
  assert.equal(await story(parts), "A.1 A.2 [A] B [B B.undo] [A.undo]");
});

test("sheds nothing that a later repetition needs, until somebody asks for the end", async () => {
  const never = { when: [{ scope: "", condition: value(false) }] };
  const stop = new AbortController();
  let runs = 0;
  const onEvent: RunOptions["onEvent"] = (event) => {
    if (event.type === "step.started" && event.step === "A" && ++runs === 2) {
      stop.abort(new InterruptedError("enough"));
    }
  };
  const parts = {
    every: { period_ms: 1, jitter: 0 },
    steps: [
      { id: "A", uses: "s.make", ...needs("A") },
      { id: "N", uses: "s.make", ...never, ...needs("N") },
      { id: "B", uses: "s.look", ...needs("B") },
    ],
    finally: [{ id: "Z", uses: "s.look", ...needs("Z") }],
  };
  assert.equal(
    await story(parts, { signal: stop.signal, onEvent }),
    "[N N.undo] A N B Z A [A] [B B.undo] A.undo [A.undo] Z [Z Z.undo]",
  );
});

test("has shed what only steps needed when it is asked to undo", async () => {
  const journal = memoryJournal();
  const parts = {
    steps: [
      { id: "L", uses: "s.hold", ...needs("L") },
      { id: "A", uses: "s.make", ...needs("A") },
    ],
    finally: [{ id: "Z", uses: "s.look", ...needs("Z") }],
  };
  await runPlan(parts, steps, { journal });
  const undone = await story(parts, {
    journal: memoryJournal(journal.entries),
    mode: { kind: "undo" },
  });
  assert.equal(undone, "L [A L.undo Z Z.undo] A.undo [A.undo]");
});

test("takes nothing away from work that does not stop when it is told to", async () => {
  const clock = testClock();
  const begun = Promise.withResolvers<void>();
  const deaf = testStep({
    name: "s.deaf",
    effect: "reversible",
    run: () => (begun.resolve(), new Promise(() => {})),
  });
  const shed: string[] = [];
  const running = runPlan(
    {
      steps: [
        { id: "A", uses: "s.look", ...needs("A") },
        { id: "B", uses: "s.deaf", timeout_ms: 100, ...needs("B") },
      ],
      finally: [{ id: "Z", uses: "s.look", ...needs("Z") }],
    },
    [...steps, deaf],
    {
      clock,
      shed: ({ grants }) => (shed.push(...grants.map(({ entry }) => entry)), []),
    },
  );
  await begun.promise;
  await clock.advance(100);
  await clock.advance(5000);
  await running;
  assert.deepEqual(shed, ["A", "A.undo", "Z", "Z.undo"]);
});

test("tells what could not be given up, and goes on", async () => {
  const texts: string[] = [];
  const parts = {
    steps: [{
      id: "A",
      uses: "s.look",
      permissions: { run: permissions({ read: ["/a"] }), undo: none },
    }],
  };
  const ran = await runPlan(parts, steps, {
    shed: ({ grants }) => grants.map(({ entry }) => `${entry} stays`),
    onEvent: (event) => void (event.type === "note" && texts.push(event.text)),
  });
  assert.equal(ran.end.exit, 0);
  assert.deepEqual(texts, ["/a stays"]);
});
