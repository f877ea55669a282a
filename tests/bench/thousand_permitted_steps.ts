/**
 * The process that `narrowing_bench.ts` starts: 1,000 reversible steps, each of which reads a file
 * that it has a grant on, with a real journal. Prints how many milliseconds of a processor they took: waiting for a
 * disk and for other processes would hide what is looked for.
 *
 * @module
 */
import process from "node:process";
import { denoFlags } from "../../engine/permissions/deno_flags.ts";
import { denoGrants } from "../../engine/permissions/deno_grants.ts";
import { permissions } from "../../engine/permissions/permissions.ts";
import { planOf, runPlan, testStep } from "../../engine/execute/test_bed.ts";
import { systemClock } from "../../engine/execute/system_clock.ts";
import { openJournal } from "../../engine/journal/journal.ts";
import { derive } from "../../engine/permissions/derive.ts";
import { makeShedder } from "../../runtime/runner/shedder.ts";

const count = 1000;
const programs = { programs: {} };

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

/** The plan: each file is read by 50 steps in a row, so one after the other is given up. */
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
  return denoFlags(setIn(top), programs);
}

function setIn(top: string) {
  return derive(planOf(partsIn(top), steps), { run: runIn(top) });
}

if (import.meta.main) {
  const [top = "", journalFile = "", shedding = ""] = Deno.args;
  const shedder = makeShedder(denoGrants(setIn(top), programs));
  const journal = await openJournal(journalFile, { clock: systemClock });
  const begun = process.cpuUsage();
  const { end } = await runPlan(partsIn(top), steps, {
    journal,
    run: { id: "r1", folder: runIn(top), pid: Deno.pid },
    ...(shedding === "shed" ? { shed: (shed) => shedder.shed(shed) } : {}),
  });
  const { user, system } = process.cpuUsage(begun);
  await journal.close();
  if (end.outcome !== "done") throw new Error(JSON.stringify(end));
  console.log((user + system) / 1000);
}
