import type { ErrorRecord } from "../../engine/errors.ts";
import type { Event, Outcome } from "../../engine/events/event.ts";
import { followUp, type GivenAtStart } from "../../engine/events/follow_up.ts";
import type { Newest } from "./newest.ts";
import { duration } from "./quantity.ts";
import type { Style } from "./style.ts";

/** What is said of a run when it has ended. */
export interface Summary {
  readonly style: Style;
  readonly headline: string;
  /** What a person wants to know next, each with the name of what it is. */
  readonly rows: readonly (readonly [label: string, text: string])[];
}

/** What the events before the last one told. */
export interface RunStory {
  readonly pipeline: string;
  /** Folder of the run. */
  readonly folder: string | undefined;
  readonly given?: GivenAtStart | undefined;
  /** Failures with which the run went on, `STEP: MESSAGE`. */
  readonly continued: Newest;
  /** Paths, in order, without those of the failure; of the last repetition that left any. */
  readonly artifacts: readonly string[];
  /** How many repetitions ended how. */
  readonly repetitions: ReadonlyMap<Outcome, number>;
}

type Finished = Event & { readonly type: "run.finished" };

const ends: Readonly<Record<Outcome, readonly [Style, string]>> = {
  done: ["good", "is done"],
  degraded: ["careful", "is done, but not all of it worked"],
  failed: ["bad", "failed"],
  undone: ["bad", "failed, and what it had done was undone"],
  interrupted: ["careful", "was interrupted"],
  "timed-out": ["bad", "ran out of time"],
  refused: ["bad", "was refused"],
  busy: ["careful", "could not begin: something it needs is in use"],
};

const mostArtifacts = 5;

/** Says how a run ended, why, and what to look at or do next. */
export function summarise(event: Finished, story: RunStory): Summary {
  const { outcome, exit, elapsed_s, failure, undo_failures = [] } = event;
  const [style, end] = outcome === "undone" && exit === 0
    ? ["good", "was undone"] as const
    : outcome === "done" && story.repetitions.size > 0
    ? ["good", "was told to end"] as const
    : ends[outcome];
  const code = exit === 0 ? "" : `, exit code ${exit}`;
  return {
    style,
    headline: `${story.pipeline} ${end} (${duration(elapsed_s)}${code})`,
    rows: [
      ...(failure === undefined ? [] : reason(failure)),
      ...undo_failures.map(({ step, error }) =>
        ["not undone", `${step}: ${error.message}`] as const
      ),
      ...repetitions(story.repetitions),
      ...continued(story.continued),
      ...artifacts(story.artifacts, failure?.error.artifact),
      ...(story.folder === undefined ? [] : [["run", story.folder] as const]),
      ...next(event, story.given),
    ],
  };
}

function repetitions(ended: RunStory["repetitions"]): [string, string][] {
  const all = [...ended.values()].reduce((sum, count) => sum + count, 0);
  if (all === 0) return [];
  return [[
    "repetitions",
    `${all}: ${[...ended].map((one) => one.toReversed().join(" ")).join(", ")}`,
  ]];
}

function continued({ newest, count }: RunStory["continued"]): [string, string][] {
  const shown = [...newest].map(([text, times]): [string, string] => [
    "failed",
    times === 1 ? text : `${text} (${times} times)`,
  ]);
  const left = count - [...newest.values()].reduce((sum, times) => sum + times, 0);
  return left > 0 ? [["failed", `${count} times; the last:`], ...shown] : shown;
}

function reason({ step, error }: { step: string; error: ErrorRecord }): [string, string][] {
  return [
    ["reason", `${step}: ${error.message}`],
    ...(error.hint === undefined ? [] : [["hint", error.hint] as [string, string]]),
  ];
}

function artifacts(all: readonly string[], failures: string | undefined): [string, string][] {
  const paths = [...new Set([...(failures === undefined ? [] : [failures]), ...all])];
  const shown = paths.slice(0, mostArtifacts).map((path): [string, string] => ["artifact", path]);
  const left = paths.length - shown.length;
  return left > 0 ? [...shown, ["", `and ${left} more in the folder of the run`]] : shown;
}

/** The command that goes on from here, where there is one that the hint does not name already. */
function next(
  { run: id, suspended, failure, undo_failures = [] }: Finished,
  given: GivenAtStart = {},
): [string, string][] {
  if (failure?.error.hint?.includes("sluice ")) return [];
  if (suspended) return [["next", followUp("resume", { id, given })]];
  if (undo_failures.length > 0) return [["next", followUp("undo", { id, given })]];
  return [];
}
