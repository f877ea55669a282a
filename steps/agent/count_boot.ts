import * as v from "valibot";
import { permissions } from "../../engine/permissions/permissions.ts";
import { path } from "../../engine/schema/types.ts";
import { defineStep, type StepContext } from "../../engine/step.ts";
import { backoffSeconds, boot_failures, readFailures, writeFailures } from "./boot_failures.ts";

/**
 * Counts boots that failed, in a row, and makes each wait before its process exits; a boot that came up
 * is forgotten about. Stands twice in a pipeline: after the last step with `up`, and under `finally`
 * with the outcome of the run.
 */
export const countBoot = defineStep({
  name: "agent.count_boot",
  summary: "Count failed boots and slow down their repetition",
  effect: "none",
  params: v.strictObject({
    /** Folder that outlives the boot. */
    store: path(),
    /** BOOT_FAILURE_COUNT: failures before this one, where something else counts them; -1 if not. */
    counted: v.optional(v.pipe(v.number(), v.integer(), v.minValue(-1)), -1),
  }),
  late: v.strictObject({
    /** `up`, or `run.outcome`. */
    outcome: v.string(),
  }),
  facts: v.strictObject({
    /** In a row, this one included. */
    failures: v.number(),
    waited_s: v.number(),
  }),
  example: `uses: agent.count_boot
with: { store: /opt/agent-venv, outcome: up }`,
  permissions({ store }) {
    const file = `${store}/${boot_failures}`;
    return { run: permissions({ read: [file], write: [file] }) };
  },
  async run({ store, counted, outcome }, ctx) {
    if (outcome === "up") {
      if (await readFailures(store) > 0) await keep(store, 0, ctx);
      return { failures: 0, waited_s: 0 };
    }
    // Who is told to end has not failed.
    if (outcome === "done" || outcome === "interrupted") return { failures: 0, waited_s: 0 };
    const failures = 1 + (counted >= 0 ? counted : await readFailures(store));
    await keep(store, failures, ctx);
    const wanted = backoffSeconds(failures);
    if (wanted === 0) return { failures, waited_s: 0 };
    ctx.emit.note(
      `boot ${failures} in a row that failed: waiting ${wanted} s before the exit`,
      "warning",
    );
    const began = ctx.clock.monotonic();
    const end = AbortSignal.any([ctx.signal, ctx.run.asked]);
    await ctx.clock.sleep(wanted * 1000, end).catch(() => {});
    ctx.signal.throwIfAborted();
    return { failures, waited_s: Math.round((ctx.clock.monotonic() - began) / 1000) };
  },
});

/** A count that cannot be kept is told, and stops nothing. */
async function keep(store: string, failures: number, ctx: StepContext): Promise<void> {
  try {
    await writeFailures(store, failures);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    ctx.emit.note(`the count of failed boots was not kept: ${(error as Error).message}`, "warning");
  }
}
