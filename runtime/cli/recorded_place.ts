/**
 * For tests: a place in which commands run, that records what they say and ask for.
 *
 * @module
 */
import { ForeignFault } from "../../engine/foreign/foreign_fault.ts";
import type { Clock } from "../../engine/step.ts";
import type { Plan } from "../../engine/plan/plan.ts";
import type { LaunchRequest } from "../launch/protocol.ts";
import type { Place } from "./port.ts";

export interface RecordedPlace extends Place {
  /** What went to standard output and standard error. */
  readonly said: { out: string; err: string };
  readonly launched: LaunchRequest<Plan>[];
}

export interface PlaceOptions {
  /** Absolute folder in which the user stands; runs are kept in `.sluice/runs` below. */
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** The moment that {@linkcode recordedPlace} believes it is. */
export const fixedNow = new Date("2025-11-21T10:30:00.000Z");

const fixedClock: Clock = {
  now: () => fixedNow,
  monotonic: () => 0,
  sleep: () => Promise.reject(new Error("nothing sleeps here")),
};

export function recordedPlace({ cwd, env = {}, stdin = "" }: PlaceOptions): RecordedPlace {
  const said = { out: "", err: "" };
  const launched: LaunchRequest<Plan>[] = [];
  return {
    said,
    launched,
    context: { cwd, project: cwd, runs: `${cwd}/.sluice/runs`, color: false, columns: 100 },
    port: {
      out: (text) => said.out += text,
      err: (text) => said.err += text,
      env: (names) =>
        Promise.resolve(
          Object.fromEntries(Object.entries(env).filter(([name]) => names.includes(name))),
        ),
      askForeign: (name) => Promise.reject(new ForeignFault(`${name} is not asked in this test`)),
      stdin: () => Promise.resolve(stdin),
      launch: (request) => launched.push(request),
      clock: fixedClock,
      random: () => 0.25,
    },
  };
}
