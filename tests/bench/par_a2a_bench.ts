import { ignoreLibraryVariables } from "../../engine/permissions/library_variables.ts";
import { type AgentClient, connectAgent } from "../../runtime/demo/par/a2a_client.ts";
import { freePort } from "../conformance/free_port.ts";
import type { Bench } from "./bench.ts";
import { parFlags, parNeeds, parWorld } from "./par_world.ts";
import { answers } from "./uvicorn_by_hand.ts";

/** Calls of a round, and how many are open at a time. */
const [count, wide] = [2000, 16];

/** How long calls of an agent take over the A2A face. */
export const bench: Bench = {
  summary: "2,000 unary calls of an action, 16 at a time, beside grpcio by hand",
  rounds: 7,
  ...parNeeds,
  flags: (places) => [
    // In its place comes the list of all that libraries look at.
    ...parFlags(places).filter((flag) => !flag.startsWith("--ignore-env=")),
    `--allow-run=${places.project}/artifacts/face-venv/bin/python`,
    ...ignoreLibraryVariables([]),
  ],
  async open(places) {
    const world = await parWorld(places);
    const par = await world.boot();
    await answers(`${par.rest}/health`);
    const port = freePort();
    const script = `${places.project}/tests/bench/grpc_by_hand.py`;
    const python = `${places.project}/artifacts/face-venv/bin/python`;
    const hand = new Deno.Command(python, {
      args: ["-B", script, String(port)],
      stdin: "null",
      stdout: "piped",
    }).spawn();
    const said = hand.stdout.getReader();
    await said.read(); // It listens.
    await said.cancel();
    const [one, other] = [connectAgent(port), connectAgent(par.ports.a2a)];
    return {
      subjects: [
        { name: "grpcio alone", run: () => callAll(one) },
        { name: "the A2A face of PAR", run: () => callAll(other) },
      ],
      async [Symbol.asyncDispose]() {
        one[Symbol.dispose]();
        other[Symbol.dispose]();
        hand.kill("SIGTERM");
        await hand.status;
        await par[Symbol.asyncDispose]();
      },
    };
  },
};

async function callAll(client: AgentClient): Promise<void> {
  let left = count;
  const ask = async () => {
    while (left-- > 0) {
      const result = await client.invoke("greet", { who: "you" });
      if (!result.includes("Hello, you")) throw new Error(`it answered ${result}`);
    }
  };
  await Promise.all(Array.from({ length: wide }, ask));
}
