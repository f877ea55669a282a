import { parseArgs } from "node:util";
import { UsageError } from "../../engine/errors.ts";
import type { RunMode } from "../launch/run_mode.ts";

/** What a runner without a launcher was told. */
export interface StandaloneArguments {
  readonly mode: RunMode;
  /** File of the plan of a new run; a run that goes on has its own. */
  readonly plan?: string;
  readonly runs: string;
  /** Id of the run. A new one is made up where it is left out. */
  readonly run?: string;
  /** Whether the newest run is gone on with instead, where it was cut off. */
  readonly goOn: boolean;
  readonly tokens: "line" | "json";
  readonly events: "text" | "json";
  /** What holds this process, as the unit or the command that starts it says. */
  readonly box: "unit" | "bubblewrap" | "none";
  /** Where programs with bare names are. */
  readonly programs: Readonly<Record<string, string>>;
}

/** What is told whoever asks for help: what a person adds, and what a start script gives already. */
export const standaloneHelp =
  `Runs a plan with exactly the permissions of the flags that it was started with.

What a person may add:
  --resume RUN          go on with a run that was cut off or waits
  --resume RUN --again  go on, and do again also what cannot be undone
  --undo RUN            undo a run
  --tokens line|json    form of the tokens on standard output (default: line)
  --events text|json    form of what is told on standard error (default: text)

What a start script or a unit gives:
  --plan FILE           the plan of a new run
  --runs DIR            the folder of the runs
  --run ID              name of the new run (default: one is made up)
  --go-on               go on with the newest run where it was cut off, else begin a new one
  --program NAME=PATH   where a program is, as often as there are programs
  --box KIND            what holds this process: unit, bubblewrap or none (default: none)

Exit codes: 0 done, 2 invalid input, 3 degraded, 4 failed, 5 failed and undone, 7 refused, 10 busy,
64 wrong arguments, 130 interrupted. Any other is a failure.
`;

/**
 * Reads the arguments of a runner without a launcher.
 *
 * @param shipped whether there is a plan that need not be named
 * @throws UsageError
 */
export function readStandaloneArguments(
  args: readonly string[],
  shipped = false,
): StandaloneArguments {
  const given = parse(args);
  const { plan, resume, undo } = given;
  if (resume !== undefined && undo !== undefined) throw usage("give one of --resume and --undo");
  const old = resume ?? undo;
  if (plan === undefined && old === undefined && !shipped) {
    throw usage("give one of --plan, --resume and --undo");
  }
  if (given.runs === undefined) throw usage("--runs is missing");
  if (given["go-on"] && given.run !== undefined) throw usage("give one of --run and --go-on");
  const run = old ?? given.run;
  if (run !== undefined && !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(run)) {
    throw usage(`${JSON.stringify(run)} is not the id of a run`);
  }
  return {
    mode: resume !== undefined
      ? { kind: "resume", again: given.again }
      : { kind: undo !== undefined ? "undo" : "run" },
    runs: given.runs,
    tokens: oneOf(given.tokens, ["line", "json"], "--tokens"),
    events: oneOf(given.events, ["text", "json"], "--events"),
    box: oneOf(given.box, ["unit", "bubblewrap", "none"], "--box"),
    programs: Object.fromEntries(given.program.map(readProgram)),
    goOn: given["go-on"] && old === undefined,
    ...(plan === undefined ? {} : { plan }),
    ...(run === undefined ? {} : { run }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      options: {
        plan: { type: "string" },
        runs: { type: "string" },
        run: { type: "string" },
        "go-on": { type: "boolean", default: false },
        resume: { type: "string" },
        undo: { type: "string" },
        box: { type: "string", default: "none" },
        again: { type: "boolean", default: false },
        tokens: { type: "string", default: "line" },
        events: { type: "string", default: "text" },
        program: { type: "string", multiple: true, default: [] },
      },
    }).values;
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

function readProgram(text: string): [string, string] {
  const match = /^([^/=]+)=(\/.+)$/.exec(text);
  if (match === null) throw usage(`--program wants NAME=/absolute/path, not ${text}`);
  return [match[1]!, match[2]!];
}

function oneOf<T extends string>(value: string, choices: readonly T[], name: string): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw usage(`${name} is one of ${choices.join(", ")}, not ${value}`);
  return found;
}

function usage(message: string): UsageError {
  return new UsageError(message, { hint: "--help lists what may be given" });
}
