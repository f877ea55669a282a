import type { JournalEntry } from "../journal/entry.ts";

/** A time in which something was at work: milliseconds since 1970. */
export interface Span {
  readonly from: number;
  /** Of the end; where it was cut off, of the next process's start; absent where none is known. */
  readonly to: number | undefined;
}

/** When one step was run, or undone. */
export interface StepWindow extends Span {
  /** Id as the journal has it: `<id>.<n>` for an item. */
  readonly step: string;
  readonly phase: "run" | "undo";
}

/** When one process of the run was at work. */
export interface ProcessSpan extends Span {
  /** Which start of the run it is, from 1. */
  readonly start: number;
}

/** How far a step, or its undo, came over all processes of a run. */
export type Exercise = "whole" | "part" | "skipped";

/** What a journal tells of times. */
export interface RunTimes {
  /** One a process that began to execute: the first starts the run, the others go on with it. */
  readonly processes: readonly ProcessSpan[];
  readonly windows: readonly StepWindow[];
  /** By phase and step; a step that is not in it never began. */
  readonly exercised: {
    readonly [phase in StepWindow["phase"]]: ReadonlyMap<string, Exercise>;
  };
}

/**
 * Reads from a journal who was at work when, in order to say who may have done something of which
 * only the moment is known.
 */
export function runTimes(entries: readonly JournalEntry[]): RunTimes {
  const processes: { start: number; from: number; to: number | undefined }[] = [];
  const windows: { step: string; phase: "run" | "undo"; from: number; to: number | undefined }[] =
    [];
  const exercised = { run: new Map<string, Exercise>(), undo: new Map<string, Exercise>() };
  const open = new Map<string, { to: number | undefined }>();
  const start = (phase: "run" | "undo", step: string, from: number) => {
    const window = { step, phase, from, to: undefined };
    windows.push(window);
    open.set(`${phase} ${step}`, window);
    if (exercised[phase].get(step) !== "whole") exercised[phase].set(step, "part");
  };
  const end = (phase: "run" | "undo", step: string, to: number, how: Exercise) => {
    const window = open.get(`${phase} ${step}`);
    if (window !== undefined) window.to = to;
    open.delete(`${phase} ${step}`);
    if (exercised[phase].get(step) !== "whole") exercised[phase].set(step, how);
  };
  for (const entry of entries) {
    const time = Date.parse(entry.time);
    const process = processes.at(-1);
    switch (entry.type) {
      case "journal.continued":
        // Of what is not there any more only this is known: all of it was in this time.
        if (process === undefined) {
          processes.push({
            start: entry.process ?? 1,
            from: Date.parse(entry.started),
            to: undefined,
          });
        }
        break;
      case "run.started":
      case "run.resumed":
        // Whatever the process before left open ended with it, some time before this one began.
        for (const window of open.values()) window.to = time;
        open.clear();
        if (process !== undefined) process.to ??= time;
        processes.push({
          // Where nobody counted, such as a launcher would, every process has left its line.
          start: entry.process ?? processes.length + 1,
          from: time,
          to: undefined,
        });
        break;
      case "step.started":
        start("run", entry.step, time);
        break;
      case "step.done":
        end("run", entry.step, time, "whole");
        break;
      case "step.failed":
        end("run", entry.step, time, "part");
        break;
      case "step.skipped":
        end("run", entry.step, time, "skipped");
        break;
      case "undo.started":
        start("undo", entry.step, time);
        break;
      case "undo.done":
        end("undo", entry.step, time, "whole");
        break;
      case "undo.failed":
        end("undo", entry.step, time, "part");
        break;
      case "run.suspended":
      case "run.finished":
        if (process !== undefined) process.to = time;
    }
  }
  return { processes, windows, exercised };
}
