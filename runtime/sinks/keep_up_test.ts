import assert from "node:assert/strict";
import type { Event } from "../../engine/events/event.ts";
import { keepUp } from "./keep_up.ts";

const event = (type: string) => ({ v: 1, run: "r1", time: "", type }) as unknown as Event;

Deno.test("keepUp() leaves out output and progress alone, and says how much once it can", () => {
  const told: string[] = [];
  let behind = true;
  const sink = keepUp({
    event: ({ type }) => void told.push(type),
    output: (text) => void told.push(text),
  }, () => behind);
  for (const type of ["step.started", "output", "progress", "note"]) sink.event(event(type));
  sink.output?.("stray");
  assert.deepEqual(told.splice(0), ["step.started", "note"]);
  behind = false;
  sink.event(event("output"));
  sink.event(event("step.done"));
  assert.deepEqual(told, [
    "3 lines were left out: what is told here was not read",
    "output",
    "step.done",
  ]);
});
