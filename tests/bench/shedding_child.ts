/**
 * Measures, once in a process because a process can be made narrower only once, and in processor time
 * because it changes little with what else runs: 1,000 steps that keep all their grants, and what
 * giving them up adds. `shedding_child.ts GRANTS FOLDER` prints both in milliseconds.
 *
 * @module
 */
import { cpuUsage } from "node:process";
import { planOf, runPlan } from "../../engine/execute/test_bed.ts";
import { systemClock } from "../../engine/execute/system_clock.ts";
import { openJournal } from "../../engine/journal/journal.ts";
import { denoGrants } from "../../engine/permissions/deno_grants.ts";
import { derive } from "../../engine/permissions/derive.ts";
import { makeShedding, type Shed } from "../../engine/permissions/shed.ts";
import { makeShedder } from "../../runtime/runner/shedder.ts";
import { nothing, sheddingPlan } from "./shedding_plan.ts";

const [grants = "", folder = ""] = Deno.args;
const parts = sheddingPlan(Number(grants));
const plan = planOf(parts, [nothing]);
const set = derive(plan, { run: folder });

async function time(work: () => Promise<void> | void): Promise<number> {
  const begun = cpuUsage();
  await work();
  const { user, system } = cpuUsage(begun);
  return (user + system) / 1000;
}

let journals = 0;
async function runSteps(): Promise<void> {
  const journal = await openJournal(`${folder}/${++journals}.jsonl`, { clock: systemClock });
  const run = { id: "r1", folder, pid: Deno.pid };
  const { end } = await runPlan(parts, [nothing], { run, journal });
  await journal.close();
  if (end.outcome !== "done") throw new Error(end.outcome);
}

/** What a run does beside its steps, from its first to its last. */
function giveUp(shed: (shed: Shed) => readonly string[]): void {
  const places = { run: folder, programs: {} };
  const shedding = makeShedding(plan, places);
  let gone = 0;
  for (const { id } of plan.steps) {
    const all = shedding.update([[id, { run: false, undo: false }]]);
    gone += all.grants.length;
    if (all.grants.length > 0) shed(all);
  }
  if (gone !== Number(grants)) throw new Error(`${gone} grants were given up, not ${grants}`);
}

// What has run before is compiled.
await runSteps();
giveUp(() => []);
const steps = await time(runSteps);
const shedder = makeShedder(denoGrants(set, { programs: {} }));
const shed = await time(() => giveUp(shedder.shed));
if (Deno.permissions.querySync({ name: "env" }).state === "granted") {
  throw new Error("not narrowed");
}
console.log(JSON.stringify({ steps, shed }));
