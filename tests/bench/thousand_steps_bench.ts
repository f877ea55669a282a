import { memoryJournal, runPlan, testStep } from "../../engine/execute/test_bed.ts";
import { openJournal } from "../../engine/journal/journal.ts";
import { systemClock } from "../../engine/execute/system_clock.ts";
import type { RunJournal } from "../../engine/execute/host.ts";
import type { Bench, Subject } from "./bench.ts";

const count = 1000;

/** What the engine takes for a thousand steps that do nothing, and what the journal adds. */
export const bench: Bench = {
  summary: "1,000 steps that do nothing, beside the same with no journal on disk",
  flags: ({ project, tmp }) => [`--allow-read=${project},${tmp}`, `--allow-write=${tmp}`],
  async open({ tmp }) {
    let runs = 0;
    const onDisk = async (work: (journal: RunJournal) => Promise<void>) => {
      const journal = await openJournal(`${tmp}/${++runs}.jsonl`, { clock: systemClock });
      try {
        await work(journal);
      } finally {
        await journal.close();
      }
    };
    const subjects: readonly [Subject, ...Subject[]] = [
      { name: "in memory", run: () => runSteps("none", memoryJournal()) },
      {
        name: "steps of effect none, journal on disk",
        run: () => onDisk((journal) => runSteps("none", journal)),
      },
      {
        name: "reversible steps, each line synced",
        run: () => onDisk((journal) => runSteps("reversible", journal)),
      },
      // What no journal on disk could do without.
      { name: "as many lines, written and synced alone", run: () => syncLines(`${tmp}/lines`) },
    ];
    return await Promise.resolve({ subjects });
  },
};

async function runSteps(effect: "none" | "reversible", journal: RunJournal): Promise<void> {
  const step = testStep({ name: "t.nothing", effect });
  const steps = Array.from({ length: count }, (_, n) => ({ id: `S${n}`, uses: step.name }));
  const { end } = await runPlan({ steps }, [step], { journal });
  if (end.outcome !== "done") throw new Error(JSON.stringify(end));
}

async function syncLines(path: string): Promise<void> {
  const line = new TextEncoder().encode(`${"x".repeat(299)}\n`);
  using file = await Deno.open(path, { write: true, create: true, truncate: true });
  for (let n = 0; n < 2 * count; n++) {
    await file.write(line);
    await file.syncData();
  }
}
