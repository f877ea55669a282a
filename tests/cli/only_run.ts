/**
 * The run of a test, which began just one where the user stands.
 *
 * @module
 */
import assert from "node:assert/strict";

/** The id of the run; fails where there is none, or another one. */
export async function onlyRun(cwd: string): Promise<string> {
  const entries = await Array.fromAsync(Deno.readDir(`${cwd}/.sluice/runs`));
  const [run, ...others] = entries.filter(({ isDirectory }) => isDirectory);
  assert.ok(run !== undefined && others.length === 0, `${entries.length} entries are no one run`);
  return run.name;
}

/** The folder of the run. */
export async function onlyRunFolder(cwd: string): Promise<string> {
  return `${cwd}/.sluice/runs/${await onlyRun(cwd)}`;
}

/** The lines of its journal, as far as they are written. */
export async function journalOf(cwd: string): Promise<Record<string, unknown>[]> {
  const text = await Deno.readTextFile(`${await onlyRunFolder(cwd)}/journal.jsonl`);
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}
