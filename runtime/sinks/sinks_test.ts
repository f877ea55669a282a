// flags: --allow-read=<project> --allow-env=SLUICE_UPDATE_GOLDEN
import assert from "node:assert/strict";
import fc from "fast-check";
import { compareGolden } from "../../tests/golden.ts";
import { UsageError } from "../../engine/errors.ts";
import type { Event } from "../../engine/events/event.ts";
import { readTokens } from "../../engine/events/read_tokens.ts";
import type { Sink } from "../../engine/events/sink.ts";
import { verifyTokens } from "../../engine/events/verify_tokens.ts";
import { width } from "./fit_text.ts";
import { jsonSink } from "./json_sink.ts";
import { quietly, type Write } from "./quietly.ts";
import { textSink } from "./text_sink.ts";
import { tokenSink } from "./token_sink.ts";

type Body = Event extends infer E ? E extends Event ? Omit<E, "v" | "run" | "time"> : never : never;

/** Gives events their run and a time, a second apart. */
function story(...bodies: Body[]): Event[] {
  return bodies.map((body, index) => {
    const time = new Date(Date.UTC(2026, 0, 2, 3, 4, index)).toISOString();
    return { v: 1, run: "20260102-k3x", time, ...body } as Event;
  });
}

const begun: Body = {
  type: "run.started",
  pipeline: "upgrade-apply",
  folder: "/srv/.sluice/runs/20260102-k3x",
  plan: "sha256:00",
  resumed: false,
  steps: [
    { id: "P5-1", summary: "Plan and preflight" },
    { id: "P5-2", summary: "Verify and stage a release" },
    { id: "P5-4", summary: "Prove the release healthy" },
    { id: "report", summary: "Send a report" },
  ],
};
const progress = { type: "progress", step: "P5-2", unit: "bytes", total: 45_000_000 } as const;
const error = {
  name: "FailedError",
  message: "no good answer from http://127.0.0.1:7443/healthz within 1m: status 500",
  exit: 4,
  retryable: false,
  hint: "look at the service's log",
  artifact: "/srv/.sluice/runs/20260102-k3x/artifacts/rollback-2026.log",
  causes: ["status 500", "the body is not JSON"],
} as const;
const refused = {
  name: "TransientError",
  message: "connection refused",
  exit: 4,
  retryable: true,
} as const;

const good = story(
  begun,
  { type: "step.started", step: "P5-1", token: 1, summary: "Plan and preflight" },
  { type: "note", step: "P5-1", text: "1.0.0 → 1.1.0" },
  {
    type: "step.done",
    step: "P5-1",
    token: 2,
    elapsed_s: 0.213,
    facts: {},
    notes: "1.0.0 → 1.1.0",
  },
  { type: "step.started", step: "P5-2", token: 3, summary: "Verify and stage a release" },
  { ...progress, done: 0 },
  { ...progress, done: 12_345_678, label: "extracting" },
  { ...progress, done: 20_000_000 },
  { ...progress, done: 45_000_000 },
  {
    type: "output",
    step: "P5-2",
    program: "/usr/bin/ln",
    stream: "stderr",
    text: "\x1b[31mred\x1b[0m\x1b]0;t\x07\x9b2J 10 %\r20 %",
  },
  { type: "artifact", step: "P5-2", path: "/srv/atp/releases/1.1.0" },
  { type: "step.done", step: "P5-2", token: 4, elapsed_s: 75, facts: {} },
  { type: "step.skipped", step: "P5-4", token: 5, notes: "when: params.health is none" },
  { type: "run.finished", outcome: "done", exit: 0, elapsed_s: 76.2 },
);

const bad = story(
  { ...begun, resumed: true } as Body,
  { type: "step.started", step: "P5-2", token: 1, summary: "Verify and stage a release" },
  { type: "step.started", step: "report", token: 2, summary: "Send a report" },
  { type: "step.retrying", step: "report", attempt: 1, delay_ms: 1500, error: refused },
  {
    type: "step.failed",
    step: "report",
    token: 3,
    elapsed_s: 1.6,
    error: refused,
    continued: true,
  },
  { type: "step.done", step: "P5-2", token: 4, elapsed_s: 3, facts: {} },
  { type: "step.started", step: "P5-4", token: 5, summary: "Prove the release healthy" },
  { type: "artifact", step: "P5-4", path: error.artifact },
  { type: "step.failed", step: "P5-4", token: 6, elapsed_s: 60.25, error, continued: false },
  { type: "undo.started", step: "P5-2", token: 7 },
  { type: "undo.done", step: "P5-2", token: 8, elapsed_s: 0.4 },
  {
    type: "run.finished",
    outcome: "undone",
    exit: 5,
    elapsed_s: 68,
    failure: { step: "P5-4", error },
  },
);

const stuck = story(
  begun,
  { type: "undo.started", step: "P5-2", token: 1 },
  { type: "undo.failed", step: "P5-2", token: 2, elapsed_s: 0.1, error: refused },
  {
    type: "cycle.finished",
    cycle: 3,
    outcome: "failed",
    exit: 4,
    failure: { step: "a", error: refused },
  },
  {
    type: "run.finished",
    outcome: "failed",
    exit: 4,
    elapsed_s: 1,
    undo_failures: [{ step: "P5-2", error: refused }],
  },
);

function written(make: (write: Write) => Sink, events: readonly Event[], stray?: string): string {
  let text = "";
  const sink = make((more) => text += more);
  for (const event of events) sink.event(event);
  if (stray !== undefined) sink.output?.(stray);
  sink.close?.();
  return text;
}

const down = { name: "FailedError", exit: 4, retryable: false } as const;
/** A service that is asked again and again, and is down for long. */
const repeated = story(
  { ...begun, pipeline: "appliance-watch", steps: [{ id: "P6-1", summary: "Ask the router" }] },
  ...Array.from({ length: 1000 }, (_, index): Body[] => [
    { type: "artifact", step: "P6-1", path: `/srv/answers/${index + 1}.txt` },
    {
      type: "step.failed",
      step: "P6-1",
      token: index + 1,
      elapsed_s: 30,
      error: {
        ...down,
        message: index < 990
          ? `no good answer the ${index + 1}th time`
          : `status ${500 + index % 3}`,
      },
      continued: true,
    },
    { type: "cycle.finished", cycle: index + 1, outcome: "degraded", exit: 3 },
  ]).flat(),
  { type: "cycle.finished", cycle: 1001, outcome: "done", exit: 0 },
  { type: "run.finished", outcome: "done", exit: 0, elapsed_s: 60_060 },
);

Deno.test("textSink() ends a run of many repetitions with counts, and the newest failures", async () => {
  const text = written((write) => textSink({ write, color: false }), repeated);
  await compareGolden("sinks/repeated_end.txt", text.slice(text.lastIndexOf("\n\n") + 2));
});

const stories = { good, bad, stuck };

for (const [name, events] of Object.entries(stories)) {
  Deno.test(`textSink() tells the run "${name}" as the golden text`, async () => {
    const text = written(
      (write) => textSink({ write, color: false }),
      events,
      "stray\n\x1b[2Jline\n",
    );
    await compareGolden(`sinks/${name}.txt`, text);
  });

  Deno.test(`textSink() on a terminal tells the run "${name}" as the golden text`, async () => {
    const text = written((write) => textSink({ write, color: true, columns: 60 }), events);
    const visible = text.replaceAll("\x1b", "␛").replaceAll("\r", "␍\n");
    await compareGolden(`sinks/${name}_terminal.txt`, visible);
  });

  Deno.test(`tokenSink() writes the tokens of the run "${name}" and nothing else`, async () => {
    const text = written((write) => tokenSink({ write, mode: "line", key: "key" }), events);
    await compareGolden(`sinks/${name}_tokens.txt`, text);
    const { tokens, problems } = readTokens(text);
    assert.equal(tokens.length, text.split("\n").length - 1);
    assert.deepEqual(problems, []);
    const undoOfAnEarlierStart = name === "stuck" ? 1 : 0;
    assert.equal(verifyTokens(tokens, { key: "key" }).length, undoOfAnEarlierStart);
  });
}

Deno.test("textSink() says what to do next as it can be typed where the run was started", () => {
  const given = { runs: "my runs", accept: "sha256:00" };
  const text = written((write) => textSink({ write, color: false, given }), stuck);
  assert.match(text, /next +sluice undo 20260102-k3x --runs 'my runs' --accept sha256:00\n/);
});

Deno.test("textSink() tells a warning from a note", () => {
  let text = "";
  const sink = textSink({ write: (piece) => void (text += piece), color: false });
  const events = story(
    { type: "note", step: "load", text: "as it should be" },
    { type: "note", step: "load", text: "it died", severity: "warning" },
  );
  for (const event of events) sink.event(event);
  assert.match(text, /load +note +as it should be\nload +warn +it died\n/);
});

Deno.test("jsonSink() writes each event as one line, and what is none", () => {
  const lines = written((write) => jsonSink({ write }), good, "stray\u2028\n").split("\n");
  assert.equal(lines.pop(), "");
  assert.deepEqual(JSON.parse(lines.pop()!), { v: 1, type: "stray-output", text: "stray\u2028\n" });
  assert.deepEqual(lines.map((line) => JSON.parse(line)), good);
});

Deno.test("textSink() without colour writes no control character, whatever it is told", () => {
  const text = fc.string({ unit: "binary", maxLength: 40 });
  fc.assert(
    fc.property(text, text, fc.constantFrom(undefined, 40), (one, other, columns) => {
      const odd = `${one}\x1b[2J\r\x07${other}`;
      const events = story(
        { type: "note", step: odd, text: odd },
        { type: "output", step: "a", program: odd, stream: "stdout", text: odd },
        { ...progress, done: 1, label: odd },
        { type: "step.skipped", step: "a", token: 1, notes: odd },
        {
          type: "run.finished",
          outcome: "failed",
          exit: 4,
          elapsed_s: 1,
          failure: { step: odd, error: { ...error, message: odd, hint: odd } },
        },
      );
      const options = { color: false, ...(columns === undefined ? {} : { columns }) };
      const told = written((write) => textSink({ write, ...options }), events, odd);
      // A terminal's last line is drawn anew with carriage returns of our own.
      assert.doesNotMatch(
        columns ? told.replaceAll("\r", "") : told,
        /(?!\n)\p{Cc}|[\u2028\u202e]/u,
      );
    }),
  );
});

Deno.test("textSink() on a terminal keeps every line within its width", () => {
  for (const columns of [40, 60, 80]) {
    for (const events of Object.values(stories)) {
      const text = written((write) => textSink({ write, color: false, columns }), events);
      for (const line of text.split(/[\r\n]/)) {
        // A word that is longer than its column, such as a path, stays whole.
        const longWord = line.trim().split(" ").some((word) => width(word) > columns / 3);
        assert.ok(width(line) <= columns || longWord, `${width(line)} cells: ${line}`);
      }
    }
  }
});

Deno.test("textSink() never lets the line of progress reach the last cell", () => {
  let widest = 0;
  const sink = textSink({
    write: (text) => {
      if (!text.endsWith("\n")) widest = Math.max(widest, width(text.replaceAll("\r", "")));
    },
    color: true,
    columns: 40,
  });
  for (
    const event of story(
      { ...progress, done: 1, label: "出".repeat(50) },
      { ...progress, done: 2, step: "another-step-with-a-long-name", label: "x".repeat(100) },
    )
  ) sink.event(event);
  // 39 cells do not divide into wide characters.
  assert.equal(widest, 38);
});

Deno.test("sinks pass over events that they do not know", () => {
  const unknown = { v: 1, run: "r", time: "", type: "from.the.future" } as unknown as Event;
  assert.equal(written((write) => textSink({ write, color: false }), [unknown]), "");
  assert.equal(written((write) => tokenSink({ write, mode: "line" }), [unknown]), "");
});

Deno.test("sinks do not mind when nobody reads any more", () => {
  let calls = 0;
  const write = () => {
    calls++;
    throw new Deno.errors.BrokenPipe("Broken pipe");
  };
  const sinks = [
    textSink({ write, color: true, columns: 80 }),
    tokenSink({ write, mode: "json" }),
    jsonSink({ write }),
  ];
  for (const sink of sinks) {
    for (const event of bad) sink.event(event);
    sink.output?.("text");
    sink.close?.();
  }
  assert.equal(calls, sinks.length);
});

Deno.test("quietly() passes text on until the first error", () => {
  const got: string[] = [];
  const say = quietly((text) => {
    if (text === "b") throw new Error("gone");
    got.push(text);
  });
  for (const text of ["a", "b", "c"]) say(text);
  assert.deepEqual(got, ["a"]);
});

Deno.test("tokenSink() refuses an empty key", () => {
  assert.throws(() => tokenSink({ write: () => {}, mode: "line", key: "" }), UsageError);
});
