import * as v from "valibot";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import { permissions } from "../../engine/permissions/permissions.ts";
import { FailedError } from "../../engine/errors.ts";
import { makeRegistry } from "../../engine/registry.ts";
import { defineStep, type StepContext } from "../../engine/step.ts";
import { attempt, type Operation } from "./operations.ts";

/** A set, and what is tried under it. */
const params = v.strictObject({
  may: v.optional(v.record(v.string(), v.any()), {}),
  undo_may: v.optional(v.record(v.string(), v.any()), {}),
  tries: v.optional(v.array(v.any()), []),
  undo_tries: v.optional(v.array(v.any()), []),
  fails: v.optional(v.boolean(), false),
  /** A file that is opened and left open, under a name; or one that an earlier step left open. */
  opens: v.optional(v.string(), ""),
  reads_open: v.optional(v.string(), ""),
});
const facts = v.strictObject({ results: v.array(v.string()) });

type Params = v.InferOutput<typeof params>;

const left = new Map<string, Deno.FsFile>();

async function tryAll(operations: readonly unknown[], ctx: StepContext): Promise<string[]> {
  const results: string[] = [];
  for (const operation of operations as Operation[]) {
    results.push(`${operation[0]} ${await attempt(operation)}`);
  }
  ctx.emit.note(`tried ${results.join(", ") || "nothing"}`);
  return results;
}

const shared = {
  params,
  facts,
  example: "",
  permissions: ({ may, undo_may }: Params) => ({
    run: permissions(may as Partial<Permissions>),
    undo: permissions(undo_may as Partial<Permissions>),
  }),
};

async function run(given: Params, ctx: StepContext) {
  const results = await tryAll(given.tries, ctx);
  if (given.opens !== "") left.set(given.opens, await Deno.open(given.opens));
  if (given.reads_open !== "") {
    results.push(
      `handle ${(await left.get(given.reads_open)!.read(new Uint8Array(1))) ?? "empty"}`,
    );
    ctx.emit.note(results.at(-1)!);
  }
  if (given.fails) throw new FailedError("told to fail");
  return { results };
}

/** Steps that try what they are told to, under the set that they are told to declare. */
export const registry = makeRegistry([
  defineStep({ name: "try.look", summary: "Try operations", effect: "none", ...shared, run }),
  defineStep({
    name: "try.make",
    summary: "Try operations, and again when undone",
    effect: "reversible",
    ...shared,
    run,
    undo: async ({ undo_tries }, _facts, ctx) => void await tryAll(undo_tries, ctx),
  }),
  defineStep({
    name: "try.hold",
    summary: "Try operations, and again at the end of the run",
    effect: "none",
    holds: true,
    ...shared,
    async run(given, ctx) {
      ctx.scope.defer(async () => {
        const results: string[] = [];
        for (const operation of given.tries as Operation[]) {
          results.push(`${operation[0]} ${await attempt(operation)}`);
        }
        ctx.emit.note(`at the end ${results.join(", ")}`);
      });
      return await run(given, ctx);
    },
  }),
]);
