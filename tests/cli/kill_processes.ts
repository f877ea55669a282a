/**
 * Ends processes as nothing can refuse: from a shell, since this process may signal none.
 *
 * @module
 */
import assert from "node:assert/strict";
import { processesWith } from "./processes_with.ts";

/** Kills processes by their ids; fails where one is not there. */
export async function killProcesses(...ids: readonly number[]): Promise<void> {
  const { success } = await new Deno.Command("/bin/sh", {
    args: ["-c", 'kill -KILL "$@"', "sh", ...ids.map(String)],
    clearEnv: true,
  }).output();
  assert.ok(success);
}

/** Kills the runner that works for a folder: bubblewrap, where it is in a box. */
export async function killRunner(cwd: string): Promise<void> {
  const [first] = await processesWith("/runtime/runner.ts", cwd);
  assert.ok(first !== undefined);
  await killProcesses(first);
}
