import type { ErrorRecord } from "../../engine/errors.ts";
import type { Event, Outcome } from "../../engine/events/event.ts";
import type { GivenAtStart } from "../../engine/events/follow_up.ts";
import type { Sink } from "../../engine/events/sink.ts";
import { tellBox } from "../../engine/permissions/box/tell_box.ts";
import { cutTo, width, wrap } from "./fit_text.ts";
import { plainLines, plainText } from "./plain_text.ts";
import { keepNewest } from "./newest.ts";
import { amount, duration } from "./quantity.ts";
import { quietly, type Write } from "./quietly.ts";
import { type Style, styled } from "./style.ts";
import { type RunStory, summarise } from "./summary.ts";

export interface TextSinkOptions {
  /** To standard error. */
  readonly write: Write;
  readonly color: boolean;
  /**
   * Width of the terminal: its last line shows how far the steps are. Left out where there is no
   * terminal: a step then tells that at most once in five seconds.
   */
  readonly columns?: number;
  /** For the command that goes on from the end. */
  readonly given?: GivenAtStart;
}

/** Cells of the column of ids, at most; longer ids push their line to the right. */
const widestId = 24;
/** Cells of the column that says what happened. */
const wordColumn = 8;
/** The narrowest column of text that is worth breaking lines for. */
const narrowest = 20;
/** Milliseconds between two reports of a step where there is no terminal. */
const reportEvery = 5000;
/** Different failures with which a run went on that are told again at its end. */
const mostFailures = 5;

/** Tells a run to people: a line for each thing that happens, then how it ended and what to do. */
export function textSink({ write, color, columns, given }: TextSinkOptions): Sink {
  const say = quietly(write);
  const style = styled(color);
  const failures: RunStory["continued"] = keepNewest(mostFailures);
  const repetitions = new Map<Outcome, number>();
  let pipeline = "the run";
  let folder: string | undefined;
  let artifacts: string[] = [];
  /** A repetition that leaves files has those before forgotten. */
  let repeated = false;
  let idColumn = 6;
  /** What the last line of the terminal shows. */
  let shown = "";
  /** How far the steps are that are at work, in order of their start. */
  const working = new Map<string, string>();
  const reportedAt = new Map<string, number>();

  const clear = () => {
    if (shown !== "") say(`\r${" ".repeat(width(shown))}\r`);
    shown = "";
  };
  const redraw = () => {
    if (columns === undefined) return;
    const parts = [...working].map(([id, text]) => text === "" ? id : `${id} ${text}`);
    // The last cell stays free: some terminals go to the next line when it is filled.
    const line = cutTo(columns - 1, plainText(parts.join("; ")));
    if (line === shown) return;
    clear();
    shown = line;
    say(line);
  };
  /** Writes lines above the one that shows how far it is. */
  const print = (lines: readonly string[]) => {
    clear();
    say(lines.map((line) => `${line}\n`).join(""));
    redraw();
  };
  /** Text beside something of a known width, broken so that it stays in its column. */
  const beside = (head: string, headWidth: number, text: string): string[] => {
    const room = columns === undefined ? Infinity : columns - headWidth;
    const lines = plainLines(text).flatMap((line) => room < narrowest ? [line] : wrap(room, line));
    const [first = "", ...rest] = lines;
    return [`${head}${first}`.trimEnd(), ...rest.map((line) => " ".repeat(headWidth) + line)];
  };
  const row = (id: string, word: string, kind: Style | undefined, text: string): string[] => {
    const plainId = plainText(id);
    const head = `${plainId.padEnd(idColumn)}  `;
    const shownWord = kind === undefined ? word : style(kind, word);
    const space = " ".repeat(Math.max(1, wordColumn - width(word)));
    return beside(head + shownWord + space, width(head) + width(word) + space.length, text);
  };
  const why = (error: ErrorRecord): string[] => {
    const more = [
      ...(error.causes ?? []).filter((cause) => !error.message.includes(cause))
        .map((cause) => `because: ${cause}`),
      ...(error.hint === undefined ? [] : [`hint: ${error.hint}`]),
    ];
    return more.flatMap((text) => row("", "", undefined, text));
  };

  const begin = (event: Event & { type: "run.started" }) => {
    ({ pipeline, folder } = event);
    const widths = event.steps.map(({ id }) => width(id));
    idColumn = Math.min(widestId, Math.max(idColumn, ...widths));
    const count = `${event.steps.length} step${event.steps.length === 1 ? "" : "s"}`;
    const told = `run ${event.run}, ${event.resumed ? "resumed, " : ""}${count}`;
    print([
      ...beside(`${style("strong", plainText(event.pipeline))}: `, width(event.pipeline) + 2, told),
      ...(event.box === undefined ? [] : beside("", 0, tellBox(event.box))),
    ]);
  };
  const ended = (id: string, lines: readonly string[]) => {
    working.delete(id);
    print(lines);
  };
  const progress = (event: Event & { type: "progress" }) => {
    const { step, label } = event;
    const text = label === undefined ? amount(event) : `${label}: ${amount(event)}`;
    working.set(step, text);
    if (columns !== undefined) return redraw();
    const time = Date.parse(event.time);
    const next = (reportedAt.get(step) ?? -Infinity) + reportEvery;
    if (time < next) return;
    reportedAt.set(step, time);
    print(row(step, "...", "quiet", text));
  };
  const finish = (event: Event & { type: "run.finished" }) => {
    working.clear();
    const { style: kind, headline, rows } = summarise(event, {
      pipeline,
      folder,
      given,
      continued: failures,
      artifacts,
      repetitions,
    });
    const label = (name: string) => `  ${style("quiet", name)}${" ".repeat(12 - name.length)}`;
    print([
      "",
      ...wrap(columns ?? Infinity, plainText(headline)).map((line) => style(kind, line)),
      ...rows.flatMap(([name, text]) => beside(label(name), 14, text)),
    ]);
  };

  return {
    event(event) {
      switch (event.type) {
        case "run.started":
          return begin(event);
        case "step.started":
          working.set(event.step, "");
          return print(row(event.step, "start", undefined, event.summary));
        case "step.done":
          return ended(event.step, row(event.step, "ok", "good", duration(event.elapsed_s)));
        case "step.skipped":
          return ended(event.step, row(event.step, "skip", "careful", event.notes));
        case "step.failed": {
          const { step, error, elapsed_s, continued } = event;
          if (continued) failures.add(`${step}: ${error.message}`);
          const after = `(after ${duration(elapsed_s)}${continued ? "; the run goes on" : ""})`;
          const line = row(step, "FAIL", "bad", `${error.message} ${after}`);
          return ended(step, [...line, ...why(error)]);
        }
        case "step.retrying": {
          const { step, attempt, delay_ms, error } = event;
          const text = `attempt ${attempt} failed: ${error.message}; the next in ${
            duration(delay_ms / 1000)
          }`;
          return print(row(step, "retry", "careful", text));
        }
        case "undo.started":
          working.set(event.step, "undo");
          return print(row(event.step, "undo", "careful", ""));
        case "undo.done":
          return ended(event.step, row(event.step, "undone", "good", duration(event.elapsed_s)));
        case "undo.failed": {
          const { step, error, elapsed_s } = event;
          const text = `it could not be undone: ${error.message} (after ${duration(elapsed_s)})`;
          return ended(step, [...row(step, "FAIL", "bad", text), ...why(error)]);
        }
        case "note":
          return print(
            event.severity === undefined
              ? row(event.step, "note", undefined, event.text)
              : row(event.step, "warn", "careful", event.text),
          );
        case "artifact":
          if (repeated) artifacts = [];
          repeated = false;
          artifacts.push(event.path);
          return print(row(event.step, "file", undefined, event.path));
        case "output": {
          const program = event.program.replace(/^.*\//, "");
          return print(row(event.step, `${plainText(program)}:`, "quiet", event.text));
        }
        case "progress":
          return progress(event);
        case "run.up":
          working.clear();
          return print(beside("", 0, "it is up, and stays until it is told to end (Ctrl-C)"));
        case "cycle.finished": {
          const { cycle, outcome, failure } = event;
          const text = failure === undefined ? "" : `: ${failure.step}: ${failure.error.message}`;
          working.clear();
          repeated = true;
          repetitions.set(outcome, (repetitions.get(outcome) ?? 0) + 1);
          return print(beside("", 0, `repetition ${cycle}: ${outcome}${text}`));
        }
        case "run.finished":
          return finish(event);
      }
    },
    output(text) {
      print(plainLines(text).flatMap((line) => row("", "output:", "quiet", line)));
    },
    close: clear,
  };
}
