/**
 * What is said on the socket of a supervisor: one JSON object a line, a request and then its answer,
 * any number of times. The socket is for its owner alone (mode 0600).
 *
 * @module
 */
import * as v from "valibot";
import { InvalidInputError } from "../../engine/errors.ts";

/** Longest line, in bytes, that either side reads. */
export const longestLine = 1024 * 1024;

/** Most lines of the log that one answer holds. */
export const mostLogLines = 1000;

/** A request. `start` and `stop` of what is started or stopped already change nothing. */
export const supervisorRequest = v.variant("command", [
  v.strictObject({ command: v.literal("status") }),
  /** Answered when the program was started; what becomes of it then is told by `status`. */
  v.strictObject({ command: v.literal("start") }),
  /** Answered when the program has ended. */
  v.strictObject({ command: v.literal("stop") }),
  v.strictObject({ command: v.literal("restart") }),
  v.strictObject({
    command: v.literal("logs"),
    lines: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(mostLogLines)),
  }),
]);

export type SupervisorRequest = v.InferOutput<typeof supervisorRequest>;

export const supervisorStatus = v.object({
  state: v.picklist(["running", "stopped", "stopping", "backing-off"]),
  /** The process that runs, while one does. */
  main: v.optional(v.object({
    pid: v.number(),
    /** ISO 8601, UTC, milliseconds. */
    started: v.string(),
  })),
  /** Unwanted ends since it last ran for long. */
  failures: v.number(),
  /** It has failed at least three times in a row, soon after each start. */
  crash_loop: v.boolean(),
  /** How the last process ended, or why it could not be started. */
  last_end: v.optional(v.string()),
});

export type SupervisorStatus = v.InferOutput<typeof supervisorStatus>;

export const supervisorAnswer = v.variant("ok", [
  v.object({
    ok: v.literal(true),
    status: v.optional(supervisorStatus),
    lines: v.optional(v.array(v.string())),
  }),
  v.object({ ok: v.literal(false), error: v.string() }),
]);

export type SupervisorAnswer = v.InferOutput<typeof supervisorAnswer>;

/** Longest path of a Unix socket on Linux, in bytes: `sun_path` less its final zero. */
export const longestSocketPath = 107;

/**
 * Refuses a path that the kernel can neither bind nor connect to.
 *
 * @throws InvalidInputError when it is longer than 107 bytes
 */
export function checkSocketPath(path: string): void {
  const length = new TextEncoder().encode(path).length;
  if (length > longestSocketPath) {
    throw new InvalidInputError(
      `the socket's path has ${length} bytes, and at most ${longestSocketPath} are possible: ${path}`,
      { hint: "put the socket into a folder with a shorter name, such as /run/NAME" },
    );
  }
}
