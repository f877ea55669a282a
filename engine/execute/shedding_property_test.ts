// Needs no more than to be started: the runs of this test are in memory, the sandbox is a model that
// tests/deno/ holds against the real one.
import * as fc from "fast-check";
import assert from "node:assert/strict";
import { setImmediate } from "node:timers";
import { FailedError, TransientError } from "../errors.ts";
import { type DenoGrant, nameOf } from "../permissions/deno_grant.ts";
import { denoGrants } from "../permissions/deno_grants.ts";
import { derive } from "../permissions/derive.ts";
import { type Permissions, permissions } from "../permissions/permissions.ts";
import type { ShedLists } from "../permissions/shed_lists.ts";
import { denoCovers, testSandbox } from "../permissions/test_sandbox.ts";
import type { Template } from "../plan/plan.ts";
import { shedTimeline } from "../plan/shed_timeline.ts";
import type { AnyStep, Clock, StepContext } from "../step.ts";
import { type AnyPlannedStep, type AnyRun, anyRun } from "./any_plan_test.ts";
import type { ExecuteHost } from "./host.ts";
import type { RunMode } from "./mode.ts";
import { memoryJournal, planOf, type PlanParts, runPlan, testStep } from "./test_bed.ts";

const folder = "/nonexistent";
const programs = { ln: "/usr/bin/ln", systemctl: "/usr/bin/systemctl" };
const own = permissions({ read: [folder], write: [folder] });
const expand = (set: Permissions) => denoGrants(set, { programs });

const value = (of: boolean | number[]): Template => ({ kind: "value", value: of });
const conditions: Readonly<Record<AnyPlannedStep["when"], Template | undefined>> = {
  always: undefined,
  "known never": value(false),
  ended: { kind: "cel", source: "run.outcome != ''" },
  fails: { kind: "cel", source: "steps.nobody.x" },
};

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function planParts(run: AnyRun): PlanParts {
  const part = (prefix: string) => (step: AnyPlannedStep, index: number) => {
    const id = `${prefix}${index}`;
    const condition = conditions[step.when];
    return {
      id,
      uses: `t.${id}`,
      commit: prefix === "s" && step.commit,
      on_failure: step.goesOn ? "continue" : "stop",
      when: condition === undefined ? [] : [{ scope: "", condition }],
      permissions: { run: step.run, undo: step.undo },
      retry: { attempts: step.attempts, delay_ms: 1, max_delay_ms: 1, jitter: 0 },
      ...(step.items === undefined ? {} : {
        for_each: value(Array.from({ length: step.items }, (_, item) => item)),
        max_parallel: step.atOnce,
      }),
      ...(step.atStart ? { needs: [] } : {}),
    } as const;
  };
  return {
    steps: run.steps.map(part("s")),
    finally: run.finally.map(part("f")),
    ...(run.every ? { every: { period_ms: 1, jitter: 0 } } : {}),
  };
}

/** A process that is launched with the whole set of a plan and sheds as it goes on. */
function launch(run: AnyRun) {
  const faults: string[] = [];
  const parts = planParts(run);
  const sandbox = testSandbox(expand(derive(planOf(parts, []), { run: folder })));
  const given = new Set<string>();
  const stop = new AbortController();
  const stopAgain = new AbortController();
  let operations = 0;
  let sleeps = 0;
  /** Waits are short, and deadlines never come. Nobody lets a repetition go on for ever. */
  const clock: Clock = {
    now: () => new Date(0),
    monotonic: () => 0,
    async sleep(ms, signal) {
      if (run.every && ++sleeps > 20) stop.abort();
      if (ms < 1000) await turn();
      else await new Promise((resolve) => signal?.addEventListener("abort", resolve));
      signal?.throwIfAborted();
    },
  };
  const need = (who: string, set: Permissions) => {
    operations++;
    if (operations === run.stopAt) stop.abort();
    if (operations === run.stopAgainAt && stop.signal.aborted) stopAgain.abort();
    for (const grant of expand(set)) {
      if (!sandbox.allows(grant)) faults.push(`${who} lacks ${nameOf(grant)}`);
    }
  };
  const work = async (who: string, set: Permissions, turns: number, { signal }: StepContext) => {
    need(`${who} at its beginning`, set);
    for (let count = 0; count < turns && !signal.aborted; count++) {
      await turn();
      need(`${who} at work`, set);
    }
    signal.throwIfAborted();
    need(`${who} at its end`, set);
  };

  const define = (prefix: string) => (step: AnyPlannedStep, index: number): AnyStep => {
    let failures = 0;
    return testStep({
      name: `t.${prefix}${index}`,
      effect: step.effect,
      ...(step.holds ? { holds: true } : {}),
      ...(step.check
        ? { check: (_: unknown, { id }: StepContext) => need(`the check of ${id}`, step.run) }
        : {}),
      async run(_, ctx) {
        await work(ctx.id, step.run, step.turns, ctx);
        if (step.holds) {
          ctx.scope.defer(() => need(`the end of what ${ctx.id} holds`, step.run));
        }
        if (failures++ < step.fails) throw new TransientError("not yet");
      },
      async undo(_, _facts, ctx) {
        await work(`the undo of ${ctx.id}`, step.undo, step.turns, ctx);
        if (step.undoHolds) {
          ctx.scope.defer(() => need(`the end of what the undo of ${ctx.id} holds`, step.undo));
        }
        if (step.undoFails) throw new FailedError("cannot be undone");
      },
    });
  };
  const steps = [...run.steps.map(define("s")), ...run.finally.map(define("f"))];
  const shed: ExecuteHost["shed"] = ({ grants, kinds }) => {
    for (const grant of grants) {
      const name = nameOf(grant);
      if (given.has(name)) faults.push(`${name} was given up twice`);
      given.add(name);
      if (kinds.includes(grant.kind)) sandbox.revokeKind(grant.kind);
      else sandbox.revoke(grant);
    }
    return [];
  };
  return {
    plan: planOf(parts, steps),
    faults,
    sandbox,
    execute: (mode: RunMode, journal = memoryJournal()) =>
      runPlan(parts, steps, {
        mode,
        journal,
        clock,
        programs,
        signal: stop.signal,
        secondSignal: stopAgain.signal,
        shed,
      }),
  };
}

const reached = (grant: DenoGrant, kept: readonly Permissions[]) =>
  kept.flatMap(expand).some((outer) => denoCovers(outer, grant));

Deno.test("execute() sheds nothing that any later step, undo, finally or scope needs", async () => {
  await fc.assert(
    fc.asyncProperty(anyRun, async (run) => {
      const first = launch(run);
      const ran = await first.execute({ kind: "run" });
      assert.deepEqual(first.faults, []);
      assert.notEqual(ran.end.exit, 70, `${ran.end.failure?.error.message}`);

      // What a killed process left is gone on with by another, which was given all again.
      const left = ran.journal.entries.slice(0, Math.max(1, run.killedAfter));
      const second = launch(run);
      const mode: RunMode = run.then === "resume"
        ? { kind: "resume", again: true }
        : { kind: "undo" };
      const again = await second.execute(mode, memoryJournal(left)).catch((error) => {
        if (error.name !== "UsageError") throw error; // It is finished, or there is nothing to undo.
      });
      assert.deepEqual(second.faults, []);
      assert.notEqual(again?.end.exit, 70, `${again?.end.failure?.error.message}`);
    }),
    { numRuns: 150 },
  );
});

Deno.test("execute() has shed all but what is held when it ends", async () => {
  await fc.assert(
    fc.asyncProperty(anyRun, async (run) => {
      const process = launch(run);
      const { end, journal } = await process.execute({ kind: "run" });
      assert.deepEqual(process.faults, []);
      const last = journal.entries.findLast(({ type }) => type !== "run.finished");
      // Suspended, or refused before anything ran: nothing was to come, and nothing was shed. What
      // repeats may end between two repetitions.
      if (last?.type === "run.suspended" || run.every || !journal.entries.some(began)) return;
      const held = [...run.steps, ...run.finally].flatMap((step) => [
        ...(step.holds ? [step.run] : []),
        ...(step.undoHolds ? [step.undo] : []),
      ]);
      for (const grant of process.sandbox.listed) {
        assert.ok(reached(grant, [own, ...held]), `${end.outcome}: still has ${nameOf(grant)}`);
      }
    }),
    { numRuns: 150 },
  );
});

Deno.test("execute() sheds what sluice plan shows, when all goes well", async () => {
  const well = (step: AnyPlannedStep): AnyPlannedStep => ({
    ...step,
    when: "always",
    fails: 0,
    atStart: false,
    ...(step.items === 0 ? { items: 1 } : {}),
  });
  await fc.assert(
    fc.asyncProperty(anyRun, async (any) => {
      const { plan, execute } = launch({
        ...any,
        steps: any.steps.map(well),
        finally: any.finally.map(well),
        every: false,
        stopAt: Infinity,
      });
      const { end, events } = await execute({ kind: "run" });
      assert.equal(end.exit, 0);
      const shed = events.flatMap((event) =>
        event.type === "shed"
          ? [{ ...(event.step === undefined ? {} : { step: event.step }), grants: event.grants }]
          : []
      );
      // Where programs are is not known when planning.
      const spelled = JSON.stringify(shed).replaceAll(/\/usr\/bin\/(ln|systemctl)/g, "$1");
      const shown = shedTimeline(plan).moments.map(({ left: _, ...moment }) => moment);
      assert.deepEqual(sorted(JSON.parse(spelled)), sorted(shown));
    }),
    { numRuns: 150 },
  );
});

/** Lists of names in one order. */
function sorted(moments: readonly { readonly grants: ShedLists }[]) {
  return moments.map(({ grants, ...moment }) => ({
    ...moment,
    grants: Object.fromEntries(Object.entries(grants).map(([kind, of]) => [kind, of.toSorted()])),
  }));
}

function began({ type }: { readonly type: string }): boolean {
  return type === "step.started" || type === "step.skipped";
}
