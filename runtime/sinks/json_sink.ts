import { jsonLine } from "../../engine/events/json_line.ts";
import type { Sink } from "../../engine/events/sink.ts";
import { quietly, type Write } from "./quietly.ts";

/**
 * Writes every event as one line of JSON, for programs that follow a run closely. What a step
 * printed by itself becomes `{"v":1,"type":"stray-output","text":…}`.
 */
export function jsonSink({ write }: { readonly write: Write }): Sink {
  const say = quietly(write);
  return {
    event: (event) => say(`${jsonLine(event)}\n`),
    output: (text) => say(`${jsonLine({ v: 1, type: "stray-output", text })}\n`),
  };
}
