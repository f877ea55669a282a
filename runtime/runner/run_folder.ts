import { FailedError, UsageError, withoutAdvice } from "../../engine/errors.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import type { Plan } from "../../engine/plan/plan.ts";

/**
 * Makes the folder of a new run, readable by its owner only, with an empty journal, `plan.json` and
 * `permissions.json` on disk before anything is done. The journal comes first: a run that has a plan
 * but no journal has lost it, and nobody knows what it did.
 *
 * @throws UsageError when there is a run in it already
 * @throws FailedError when it cannot be written
 */
export async function makeRunFolder(
  folder: string,
  plan: Plan,
  permissions: Permissions,
): Promise<void> {
  try {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    await writeNew(`${folder}/journal.jsonl`, "");
    await writeNew(`${folder}/plan.json`, toJson(plan));
    await writeNew(`${folder}/permissions.json`, toJson(permissions));
    using handle = await Deno.open(folder);
    await handle.sync();
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) {
      throw new UsageError(`there is a run in ${folder} already`, {
        hint: "give the new run another id, or go on with that one: sluice resume RUN",
      });
    }
    // Where the sandbox refused it, Deno's own advice would be to give up the sandbox.
    const reason = error instanceof Error ? withoutAdvice(error.message) : String(error);
    throw new FailedError(`the folder of the run cannot be made: ${reason}`, {
      cause: error,
      hint: "look at the space and the rights there, or keep the runs elsewhere: --runs DIR",
    });
  }
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

async function writeNew(path: string, text: string): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  await file.sync();
}
