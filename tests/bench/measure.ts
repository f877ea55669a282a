/**
 * Measures one bench: `measure.ts FILE PLACES ROUNDS`, where PLACES is JSON. Writes the samples to
 * standard output as JSON. Runs with the flags of that bench.
 *
 * @module
 */
import type { Places } from "../group.ts";
import type { Bench, Subject } from "./bench.ts";
import type { Samples } from "./compare.ts";

/** Rounds that do not count: caches fill, and code gets compiled. */
const warmUp = 2;

const [file = "", places = "", rounds = ""] = Deno.args;
const { bench }: { readonly bench: Bench } = await import(file);
console.log(JSON.stringify(await measure(bench, JSON.parse(places), Number(rounds))));
Deno.exit(0);

async function measure(bench: Bench, places: Places, rounds: number): Promise<readonly Samples[]> {
  const opened = await bench.open(places);
  try {
    const samples = opened.subjects.map((subject) => ({ subject, ms: [] as number[] }));
    for (let round = -warmUp; round < rounds; round++) {
      for (const { subject, ms } of samples) {
        const time = await once(subject);
        if (round >= 0) ms.push(time);
      }
    }
    return samples.map(({ subject, ms }) => ({ name: subject.name, ms }));
  } finally {
    await opened[Symbol.asyncDispose]?.();
  }
}

async function once(subject: Subject): Promise<number> {
  await subject.prepare?.();
  const begun = performance.now();
  const part = await subject.run();
  return part ?? performance.now() - begun;
}
