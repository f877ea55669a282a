/**
 * The process that `audit_bench.ts` starts: 1,000 reversible steps, each of which reads a file that it
 * has a grant on, with a real journal: `permitted_steps.ts FOLDER JOURNALS`. Prints the milliseconds
 * that processors spent on them: waiting for a disk would hide what is looked for.
 *
 * @module
 */
import process from "node:process";
import { denoFlags } from "../../engine/permissions/deno_flags.ts";
import { permissions } from "../../engine/permissions/permissions.ts";
import { planOf, runPlan, testStep } from "../../engine/execute/test_bed.ts";
import { systemClock } from "../../engine/execute/system_clock.ts";
import { openJournal } from "../../engine/journal/journal.ts";
import { derive } from "../../engine/permissions/derive.ts";

const count = 1000;

/** How many files the steps read between them: what a large pipeline of ours declares. */
export const files = 20;

const steps = [testStep({
  name: "t.read",
  effect: "reversible",
  run: async ({ file }) => ({ size: (await Deno.readTextFile(file)).length }),
})];

/** Where the files are that the steps read. */
export function filesIn(top: string): string {
  return `${top}/files`;
}

/** Where the run has its folder. */
export function runIn(top: string): string {
  return `${top}/run`;
}

/** The plan: each file is read by 50 steps in a row. */
function partsIn(top: string) {
  return {
    steps: Array.from({ length: count }, (_, n) => {
      const file = `${filesIn(top)}/${Math.floor(n / (count / files))}`;
      const set = permissions({ read: [file], env: [`SETTING_${n % 5}`], connect: ["db:5432"] });
      const last = permissions({ read: [file], connect: ["db:5432"] });
      return {
        id: `S${n}`,
        uses: "t.read",
        params: { file },
        commit: n % 50 === 49,
        permissions: { run: set, undo: last },
      };
    }),
  };
}

/** The set of the plan as flags. */
export function flagsIn(top: string): readonly string[] {
  return denoFlags(derive(planOf(partsIn(top), steps), { run: runIn(top) }), { programs: {} });
}

if (import.meta.main) {
  const [top = "", journals = ""] = Deno.args;
  await runSteps(top, `${journals}-1`); // What has run before is compiled.
  const begun = process.cpuUsage();
  await runSteps(top, `${journals}-2`);
  const { user, system } = process.cpuUsage(begun);
  console.log((user + system) / 1000);
}

async function runSteps(top: string, file: string): Promise<void> {
  const journal = await openJournal(file, { clock: systemClock });
  const run = { id: "r1", folder: runIn(top), pid: Deno.pid };
  const { end } = await runPlan(partsIn(top), steps, { journal, run });
  await journal.close();
  if (end.outcome !== "done") throw new Error(JSON.stringify(end));
}
