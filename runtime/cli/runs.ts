import { formatDuration } from "../../engine/document/duration.ts";
import { type ExitCode, exitCode } from "../../engine/errors.ts";
import { runIds } from "../launch/find_run.ts";
import type { Asked, Place } from "./port.ts";
import { renderList } from "./render_list.ts";
import { readHistory, type RunHistory } from "./run_history.ts";

type Row = RunHistory & { readonly id: string };

/** `sluice runs`: the runs of a folder, oldest first. */
export async function runs(
  { format }: Asked<"runs">,
  { context, port }: Place,
): Promise<ExitCode> {
  const ids = await runIds(context.runs);
  const now = port.clock.now();
  const rows = await Array.fromAsync(
    ids,
    async (id) => ({ id, ...await readHistory(`${context.runs}/${id}/journal.jsonl`, now) }),
  );
  rows.sort(oldestFirst);
  if (rows.length === 0 && format === "table") {
    port.err(`no runs in ${context.runs}; --runs DIR names another folder\n`);
    return exitCode.done;
  }
  port.out(renderList(format, "runs", rows, [
    ["RUN", (row) => row.id],
    ["PIPELINE", (row) => row.pipeline],
    ["OUTCOME", (row) => row.outcome],
    ["STARTED", (row) => row.started?.replace(/\.\d+Z$/, "Z") ?? ""],
    ["DURATION", (row) => row.duration_s === undefined ? "" : shortly(row.duration_s)],
    ["NEXT", (row) => row.resumable ? "resume" : ""],
  ]));
  return exitCode.done;
}

/** Ids begin with the second in which a run was begun, and end at random. */
function oldestFirst(one: Row, other: Row): number {
  const second = ({ id }: Row) => id.slice(0, "20260102-030405".length);
  return second(one).localeCompare(second(other)) ||
    (one.started ?? "").localeCompare(other.started ?? "");
}

function shortly(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)}s` : formatDuration(Math.round(seconds) * 1000);
}
