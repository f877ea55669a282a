import * as v from "valibot";
import { FailedError } from "../../engine/errors.ts";
import { permissions } from "../../engine/permissions/permissions.ts";
import { duration } from "../../engine/schema/types.ts";
import { defineStep } from "../../engine/step.ts";
import { port } from "./port.ts";

/** Milliseconds between two looks at a face that is down. */
const lookEvery = 20;

/**
 * Connects to every face that the package has, and only then has `/health` answer 200: when the run is
 * up, and until it ends or a face is down. Tells how long the boot took.
 *
 * @throws FailedError when a face does not accept
 */
export const becomeReady = defineStep({
  name: "face.ready",
  summary: "Prove that every face accepts, then be healthy",
  effect: "none",
  params: v.strictObject({
    rest_port: port,
    a2a_port: port,
    ui_port: port,
    /** A boot that takes longer is warned about. */
    budget: duration(),
  }),
  facts: v.strictObject({
    /** Milliseconds since the process began. */
    total_ms: v.number(),
    /** Of each step, in milliseconds. */
    phases_ms: v.record(v.string(), v.number()),
    within_budget: v.boolean(),
  }),
  holds: true,
  example: `uses: face.ready
with: { rest_port: 8080, a2a_port: 50051, ui_port: 3000, budget: 5s }`,
  permissions({ rest_port, a2a_port, ui_port }) {
    const ports = [...new Set([rest_port, a2a_port, ui_port])];
    return { run: permissions({ connect: ports.map((one) => `127.0.0.1:${one}`) }) };
  },
  async run({ rest_port, a2a_port, ui_port, budget }, ctx) {
    const { facesOf } = await import("./faces.ts");
    const { board, rest } = facesOf(ctx.run.id);
    const ports = { rest: rest_port, a2a: a2a_port, ui: ui_port };
    for (const face of ["rest", "a2a", "ui"] as const) {
      // The agent is being started again; where that is given up, the run fails.
      while (board.get(face) === "down") await ctx.clock.sleep(lookEvery, ctx.signal);
      if (board.get(face) === "up") await requireAccepting(face, ports[face]);
    }
    const phases_ms = Object.fromEntries(
      ctx.run.done.map(({ step, elapsed_s }) => [step, Math.round(elapsed_s * 1000)]),
    );
    const total_ms = Math.round(performance.now());
    const within_budget = total_ms <= budget;
    if (!within_budget) {
      const slowest = Object.entries(phases_ms).sort(([, a], [, b]) => b - a).slice(0, 3);
      const phases = slowest.map(([step, ms]) => `${step} ${ms} ms`).join(", ");
      ctx.emit.note(
        `the boot took ${total_ms} ms, over its budget of ${budget} ms: ${phases}`,
        "warning",
      );
    }
    rest.tellBoot({ total_ms, phases_ms });
    ctx.scope.defer(() => void (board.open = false));
    // Not before the run is up: who is told to end after a 200 ends well.
    ctx.run.whenUp(() => void (board.open = true));
    return { total_ms, phases_ms, within_budget };
  },
});

async function requireAccepting(face: string, port: number): Promise<void> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new FailedError(`the ${face} face does not accept on port ${port}`, { cause: error });
  }
}
