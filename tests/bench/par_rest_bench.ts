import type { Bench } from "./bench.ts";
import { parFlags, parNeeds, parWorld } from "./par_world.ts";
import { answers, installByHand, serveByHand } from "./uvicorn_by_hand.ts";

/** Requests a second, and how many of them a round makes. */
const [rate, count] = [500, 2000];

/** What the REST face adds to the slowest hundredth of requests. */
export const bench: Bench = {
  summary: "the 99th percentile of 2,000 requests, 500 a second, with PAR before uvicorn",
  rounds: 7,
  ...parNeeds,
  flags: parFlags,
  async open(places) {
    const world = await parWorld(places);
    const hand = `${places.tmp}/hand`;
    await installByHand(hand, world.wheels);
    const server = await serveByHand(hand);
    const par = await world.boot();
    await answers(`${par.rest}/health`);
    return {
      subjects: [
        { name: "uvicorn alone", run: () => slowest(`${server.url}/api/ping`) },
        { name: "uvicorn in PAR", run: () => slowest(`${par.rest}/agents/a-1/api/ping`) },
      ],
      async [Symbol.asyncDispose]() {
        await par[Symbol.asyncDispose]();
        await server[Symbol.asyncDispose]();
      },
    };
  },
};

/** Milliseconds of the 99th percentile: requests begin when it is their time, whatever the others do. */
async function slowest(url: string): Promise<number> {
  const begun = performance.now();
  const ask = async (due: number) => {
    await new Promise((resolve) => setTimeout(resolve, begun + due - performance.now()));
    const at = performance.now();
    const response = await fetch(url);
    await response.text();
    if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
    return performance.now() - at;
  };
  const times = await Promise.all(
    Array.from({ length: count }, (_, index) => ask(index * 1000 / rate)),
  );
  return times.sort((a, b) => a - b)[Math.floor(count * 0.99)]!;
}
