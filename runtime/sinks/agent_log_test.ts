// flags: --allow-read=<project>
import assert from "node:assert/strict";
import type { Event } from "../../engine/events/event.ts";
import { readTokens } from "../../engine/events/read_tokens.ts";
import { verifyTokens } from "../../engine/events/verify_tokens.ts";
import { agentLog, type AgentLogOptions } from "./agent_log.ts";

type Body = Event extends infer E ? E extends Event ? Omit<E, "v" | "run" | "time"> : never : never;

const time = "2026-01-02T03:04:05.006Z";

function log(options: Partial<AgentLogOptions> = {}) {
  let text = "";
  const made = agentLog({
    write: (piece) => void (text += piece),
    agentAppId: "a-1",
    deploymentId: null,
    level: "info",
    now: () => new Date(time),
    ...options,
  });
  return {
    ...made,
    tell: (...bodies: Body[]) => {
      for (const body of bodies) made.sink.event({ v: 1, run: "r1", time, ...body } as Event);
    },
    text: () => text,
    lines: () => text.split("\n").slice(0, -1).map((line) => JSON.parse(line)),
  };
}

const error = {
  name: "FailedError",
  exit: 4,
  retryable: false,
  message: "no package at https://u:p@s3.example/k/a.apkg?X-Amz-Signature=0f1e",
  causes: ["GET https://s3.example/k/a.apkg?X-Amz-Signature=0f1e: 404"],
} as const;

const story: Body[] = [
  { type: "step.started", step: "download", token: 1, summary: "Fetch a package" },
  { type: "progress", step: "download", done: 1, unit: "bytes" },
  { type: "note", step: "download", text: "resumed at 512" },
  {
    type: "step.done",
    step: "download",
    token: 2,
    elapsed_s: 0.5,
    facts: { bytes: 1024, source: "s3", parts: [1] },
  },
  { type: "step.started", step: "extract", token: 3, summary: "Unpack it" },
  { type: "output", step: "load", program: "python", stream: "stdout", text: "hi ?a=b" },
  { type: "step.failed", step: "extract", token: 4, elapsed_s: 1, error, continued: false },
  { type: "run.finished", outcome: "failed", exit: 4, elapsed_s: 2 },
];

Deno.test("agentLog() gives every line the same fields, in one order", () => {
  const { tell, lines } = log();
  tell(...story);
  const keys = lines().map((line) => Object.keys(line).filter((key) => key !== "token").join());
  assert.deepEqual([...new Set(keys)], ["level,ts,agentAppId,deploymentId,event,details"]);
  assert.deepEqual(lines().map(({ level, event }) => `${level} ${event}`), [
    "info download",
    "info download",
    "info download",
    "info extract",
    "info agent.output",
    "error extract",
    "error exit",
  ]);
  assert.deepEqual(lines()[2].details, {
    state: "done",
    elapsed_s: 0.5,
    bytes: 1024,
    source: "s3",
  });
  assert.deepEqual(lines()[4].details.text, "hi ?a=b");
});

Deno.test("agentLog() warns of what a step warns of", () => {
  const { tell, lines } = log({ level: "warn" });
  tell({ type: "note", step: "load", text: "as it should be" });
  tell({ type: "note", step: "load", text: "it died", severity: "warning" });
  assert.deepEqual(lines().map(({ level, details }) => [level, details.note]), [[
    "warn",
    "it died",
  ]]);
});

Deno.test("agentLog() lists faults by their places on one line, and each cause once", () => {
  const { tell, lines } = log();
  const faults = [{ line: 3, column: 1, code: "missing-key", message: "version is missing" }];
  const failed = (error: object) =>
    tell(
      {
        type: "step.failed",
        step: "extract",
        token: 1,
        elapsed_s: 1,
        continued: false,
        error,
      } as Body,
    );
  failed({
    ...error,
    message: "the manifest has 1 fault\n  3 | name:\n    | ^",
    details: { faults },
  });
  failed({ ...error, causes: ["refused", "refused", "no route", "refused"] });
  const [bad, tried] = lines().map(({ details }) => details);
  assert.deepEqual([bad.message, bad.faults], ["the manifest has 1 fault", faults]);
  assert.deepEqual(tried.causes, ["refused", "no route"]);
});

Deno.test("agentLog() carries the tokens in their order, whatever its level", () => {
  const { tell, text, lines } = log({ level: "error", key: "k" });
  tell(...story);
  assert.deepEqual(verifyTokens(readTokens(text()).tokens, { key: "k" }), []);
  assert.equal(readTokens(text()).tokens.length, 4);
  assert.deepEqual(lines().map(({ event }) => event), [
    "download",
    "download",
    "extract",
    "extract",
    "exit",
  ]);
});

Deno.test("agentLog() shows progress to whoever wants to see all", () => {
  const { tell, lines } = log({ level: "debug" });
  tell(...story);
  assert.equal(lines().filter(({ level }) => level === "debug").length, 1);
});

Deno.test("agentLog() hides queries and credentials of URLs, in causes too", () => {
  const { tell, text, fault } = log();
  tell(...story);
  fault("sluice: s3://k:v@b/a?versionId=3#x is none\n");
  assert.doesNotMatch(text(), /X-Amz|0f1e|u:p|k:v|versionId/);
  assert.match(text(), /https:\/\/\*\*\*@s3\.example\/k\/a\.apkg\?\*\*\*/);
});

Deno.test("agentLog() tells each fault of a report, and the exit once", () => {
  const { fault, exit, lines } = log();
  fault(JSON.stringify({ diagnostics: [{ message: "a" }, { message: "b", hint: "c" }] }));
  fault("sluice: no\n  help: do\n");
  fault("");
  exit(2);
  exit(2);
  assert.deepEqual(lines().map(({ event, details }) => [event, details]), [
    ["config", { message: "a" }],
    ["config", { message: "b", hint: "c" }],
    ["config", { message: "no", hint: "do" }],
    ["exit", { exit: 2 }],
  ]);
});

Deno.test("agentLog() leaves the last line to the run", () => {
  const { tell, exit, lines } = log();
  tell({ type: "run.finished", outcome: "done", exit: 0, elapsed_s: 1 });
  exit(0);
  assert.deepEqual(lines().map(({ event, level }) => [event, level]), [["exit", "info"]]);
});
