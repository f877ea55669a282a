import type { Bench } from "./bench.ts";
import { parFlags, parNeeds, parWorld } from "./par_world.ts";
import { answers, installByHand, removeByHand, serveByHand } from "./uvicorn_by_hand.ts";

/** How long it takes from nothing to an agent that answers. */
export const bench: Bench = {
  summary: "an agent from its package to its first answer, beside doing it by hand",
  rounds: 5,
  ...parNeeds,
  flags: parFlags,
  async open(places) {
    const world = await parWorld(places);
    const hand = `${places.tmp}/hand`;
    const ready = async (tool: "pip" | "uv") => {
      const begun = performance.now();
      await using par = await world.boot(tool);
      await answers(`${par.rest}/health`);
      return performance.now() - begun;
    };
    return {
      subjects: [
        {
          name: "venv, pip, uvicorn",
          prepare: () => removeByHand(hand),
          async run() {
            const begun = performance.now();
            await installByHand(hand, world.wheels);
            await using _server = await serveByHand(hand);
            return performance.now() - begun;
          },
        },
        {
          name: "uvicorn alone, installed before",
          async run() {
            const begun = performance.now();
            await using _server = await serveByHand(hand);
            return performance.now() - begun;
          },
        },
        { name: "PAR with pip, empty store", prepare: world.forget, run: () => ready("pip") },
        { name: "PAR with uv, empty store", prepare: world.forget, run: () => ready("uv") },
        { name: "PAR, warm store", run: () => ready("uv") },
      ],
    };
  },
};
