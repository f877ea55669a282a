/**
 * For tests: a place in which commands run, that records what they say and ask for.
 *
 * @module
 */
import { ForeignFault } from "../../engine/foreign/foreign_fault.ts";
import type { Clock } from "../../engine/step.ts";
import type { Plan } from "../../engine/plan/plan.ts";
import type { FoundProgram } from "../launch/find_programs.ts";
import type { Judgement } from "../launch/judge.ts";
import type { DeployRequest } from "../launch/compile/deploy_request.ts";
import type { AskedSet, LaunchRequest, SignablePipeline } from "../launch/planner_protocol.ts";
import type { Place, SignedPipelines } from "./port.ts";

export interface RecordedPlace extends Place {
  /** What went to standard output and standard error. */
  readonly said: { out: string; err: string };
  readonly launched: LaunchRequest<Plan>[];
  readonly deployed: DeployRequest<Plan>[];
  /** What the lock was asked about. */
  readonly asked: AskedSet[];
  readonly signing: SignablePipeline[];
}

export interface PlaceOptions {
  /** Absolute folder in which the user stands; runs are kept in `.sluice/runs` below. */
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Names of variables that begin as those which are asked for. */
  readonly alike?: readonly string[];
  readonly stdin?: string;
  readonly programs?: Readonly<Record<string, FoundProgram>>;
  /** What the lock says of any set. */
  readonly judgement?: Judgement;
  readonly signed?: SignedPipelines;
  /** What is to be signed. */
  readonly pipelines?: readonly string[];
}

/** The moment that {@linkcode recordedPlace} believes it is. */
export const fixedNow = new Date("2025-11-21T10:30:00.000Z");

const fixedClock: Clock = {
  now: () => fixedNow,
  monotonic: () => 0,
  sleep: () => Promise.reject(new Error("nothing sleeps here")),
};

export function recordedPlace(
  { cwd, env = {}, alike = [], stdin = "", programs = {}, judgement, signed, pipelines }:
    PlaceOptions,
): RecordedPlace {
  const signing: SignablePipeline[] = [];
  const said = { out: "", err: "" };
  const launched: LaunchRequest<Plan>[] = [];
  const deployed: DeployRequest<Plan>[] = [];
  const asked: AskedSet[] = [];
  const pick = <T>(all: Readonly<Record<string, T>>, names: readonly string[]) =>
    Promise.resolve(
      Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name))),
    );
  return {
    said,
    launched,
    deployed,
    asked,
    signing,
    context: {
      cwd,
      project: cwd,
      runs: `${cwd}/.sluice/runs`,
      tmp: "/tmp",
      deno: "/usr/bin/deno",
      color: false,
      columns: 100,
      ...(pipelines === undefined ? {} : { pipelines }),
    },
    port: {
      out: (text) => said.out += text,
      err: (text) => said.err += text,
      askForeign: (name) => Promise.reject(new ForeignFault(`${name} is not asked in this test`)),
      env: async (names) => ({ values: await pick(env, names), alike }),
      programs: (names) => pick(programs, names),
      judge: (one) => {
        asked.push(one);
        return Promise.resolve(judgement);
      },
      box: () => Promise.resolve({ kind: "bubblewrap", notes: ["/srv may be written: why not"] }),
      stdin: () => Promise.resolve(stdin),
      launch: (request) => launched.push(request),
      sign: (pipelines) => signing.push(...pipelines),
      ...(signed === undefined ? {} : { signed }),
      deploy: (request) => deployed.push(request),
      clock: fixedClock,
      random: () => 0.25,
    },
  };
}
