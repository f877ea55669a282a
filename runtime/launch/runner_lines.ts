import { frames } from "./frames.ts";
import type { RunnerMessage } from "./runner_protocol.ts";

/** What a line on the runner's standard output turned out to be. */
export type RunnerReading =
  | { readonly kind: "message"; readonly message: RunnerMessage }
  /** Printed by a step or a library: never an event, whatever it looks like. */
  | { readonly kind: "output"; readonly text: string }
  /** Messages were lost, repeated or damaged: what the runner says can no longer be relied on. */
  | { readonly kind: "fault"; readonly reason: string };

/**
 * Tells the runner's messages from output. A message carries the nonce, which only the runner was
 * told, and the next number of a sequence without gaps.
 *
 * @example
 * ```ts
 * import { runnerLines } from "./runner_lines.ts";
 * import assert from "node:assert/strict";
 *
 * const read = runnerLines("n");
 * assert.equal(read('{"sluice":"n","seq":1,"message":{"type":"aborting"}}').kind, "message");
 * assert.equal(read('{"sluice":"guess","seq":2,"message":{"type":"aborting"}}').kind, "output");
 * assert.equal(read('{"sluice":"n","seq":3,"message":{"type":"aborting"}}').kind, "fault");
 * ```
 */
export function runnerLines(nonce: string): (line: string) => RunnerReading {
  const read = frames(nonce);
  return (line) => {
    const reading = read(line);
    if (reading.kind !== "message") return reading;
    if (isMessage(reading.message)) return { kind: "message", message: reading.message };
    return { kind: "fault", reason: `message ${reading.seq} is of no known kind` };
  };
}

function isMessage(value: unknown): value is RunnerMessage {
  if (typeof value !== "object" || value === null) return false;
  const message = value as Partial<Record<string, unknown>>;
  switch (message["type"]) {
    case "aborting":
      return true;
    case "stopped":
      return typeof message["exit"] === "number" && typeof message["message"] === "string" &&
        (message["hint"] === undefined || typeof message["hint"] === "string");
    case "event":
      return typeof message["event"] === "object" && message["event"] !== null &&
        typeof (message["event"] as { type?: unknown }).type === "string";
    case "broker-cancel":
      return typeof message["id"] === "number";
    case "shed":
      return Array.isArray(message["brokered"]);
    case "foreign-send":
    case "foreign-kill":
      return typeof message["process"] === "number";
    case "foreign-start": {
      const { process, step, id, phase, nonce } = message;
      return typeof process === "number" && typeof step === "string" && typeof id === "string" &&
        typeof nonce === "string" && (phase === "check" || phase === "run" || phase === "undo");
    }
    case "foreign-exists":
      return typeof message["id"] === "number" && typeof message["step"] === "string" &&
        typeof message["path"] === "string";
    case "broker": {
      const { id, step, program, args, env, cwd, max_output, show, stays } = message;
      return typeof id === "number" && typeof step === "string" && typeof program === "string" &&
        Array.isArray(args) &&
        args.every((argument) => typeof argument === "string") &&
        typeof env === "object" && env !== null &&
        Object.values(env).every((text) => typeof text === "string") &&
        (cwd === undefined || typeof cwd === "string") && typeof max_output === "number" &&
        typeof show === "boolean" && typeof stays === "boolean";
    }
  }
  return false;
}
