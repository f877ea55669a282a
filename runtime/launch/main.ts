/**
 * The launcher, and so the program `sluice`: the trust root. It starts the planner, compares the set
 * that a plan needs with the lock, starts a runner with exactly that set in a box, and shows what it
 * tells. It holds no library, reads no YAML, and may start Deno and bubblewrap, nothing else.
 *
 * @module
 */
import { BugError, type ExitCode, exitCode, InvalidInputError } from "../../engine/errors.ts";
import { lockFile, readLock } from "../../engine/permissions/lock/read_lock.ts";
import { union } from "../../engine/permissions/union.ts";
import { agentLogOf } from "./agent_log_of.ts";
import { admit } from "./admit.ts";
import { checkBegun } from "./check_begun.ts";
import { tokenKeyVariable } from "./child_environment.ts";
import { requireBox, requireProgramBoxes } from "./choose_box.ts";
import { foreseeBox } from "./foresee_box.ts";
import { findInstalled, findPrograms } from "./find_programs.ts";
import { launchRecord } from "./launch_record.ts";
import { onInterrupt } from "./interrupts.ts";
import { judge } from "./judge.ts";
import { findPlaces, type LaunchPlaces } from "./places.ts";
import type { LaunchRequest } from "./protocol.ts";
import { type Preparation, prepare } from "./preparation.ts";
import { refuseEscapes } from "./refuse_escapes.ts";
import { showError, showFault } from "./show_error.ts";
import {
  checkSigned,
  handedOf,
  type SignedPipeline,
  verifyRequest,
} from "./signed/require_signature.ts";
import { signPipelines } from "./signed/sign_pipelines.ts";
import { signRequest } from "./signed/sign_request.ts";
import { requiresSignature, signedRequest } from "./signed/signed_request.ts";
import { openSinks, screenOf } from "./open_sinks.ts";
import { type Answers, startPlanner, type Terminal } from "./start_planner.ts";
import { type Runner, runnerCommand, startRunner } from "./start_runner.ts";
import { writerTo } from "./write_output.ts";

/** Why standard output was not written to its end. */
let lost: string | undefined;
const stdout = writerTo(Deno.stdout, (reason) => lost = reason);
const log = agentLogOf(Deno.args, stdout);
const stderr = log?.fault ?? writerTo(Deno.stderr);

if (import.meta.main) Deno.exit(await main(Deno.args));

/** The one place where an error becomes text and an exit code. */
async function main(args: readonly string[]): Promise<ExitCode> {
  try {
    const exit = await launch(args);
    log?.exit(exit);
    if (lost !== undefined) stderr(showFault(`standard output could not be written: ${lost}`));
    return exit;
  } catch (error) {
    const { text, exit } = showError(error, args.includes("--debug"));
    stderr(text);
    log?.exit(exit);
    return exit;
  }
}

async function launch(args: readonly string[]): Promise<ExitCode> {
  const places = findPlaces(args);
  const planning = new AbortController();
  const launched: { runner?: Runner } = {};
  using _listening = onInterrupt((signal, count) => {
    if (launched.runner === undefined) planning.abort();
    else launched.runner.interrupt(signal, count);
  });
  // Read once: what is verified, asked about and admitted by is one text.
  const lockText = once(() => readLockText(places));
  const needLock = async () => await lockText() ?? missingLock(places);
  const asked = await signedRequest(args, places, needLock);
  const signed = asked && await verifyRequest(asked, places, await needLock());
  const signing = await signRequest(args, places, needLock);
  // All at once: getting a box and a folder ready takes no longer than planning.
  await using preparing = prepare(args, places);
  const planned = await startPlanner(
    args,
    places,
    terminal(),
    planning.signal,
    answersOf(lockText, places, signed, preparing),
    { handed: signed && handedOf(signed), pipelines: signing?.pipelines },
  );
  if (planned.kind === "ended") {
    // All that was asked for is what it wrote; half a plan is none.
    return lost === undefined || planned.exit !== exitCode.done ? planned.exit : exitCode.failed;
  }
  if (planning.signal.aborted) return exitCode.interrupted;
  if (planned.kind === "sign") {
    if (signing === undefined) throw new BugError("the planner signs what nobody asked for");
    const print = args.includes("--print");
    return await signPipelines(planned.pipelines, signing, places, {
      lock: await needLock(),
      stdout,
      print,
    });
  }
  const lock = readLock(await needLock());
  if (planned.kind === "deploy") {
    const { request } = planned;
    if (requiresSignature(args)) {
      checkSigned(request.action === "uninstall" ? {} : { file: request.kit.file }, signed);
    }
    const { deploy } = await import("./compile/deploy.ts");
    const denort = Deno.env.get("DENORT_BIN");
    const box = preparing.box;
    return await deploy(request, { args, places, lock, denort, box, stdout, stderr });
  }
  const { request } = planned;
  if (requiresSignature(args)) checkSigned(request, signed);
  admit(request, lock, places, args, signed?.code);
  await checkBegun(request, places, requiresSignature(args));
  const compartments = [
    request.permissions,
    ...Object.values(request.foreign?.steps ?? {}).flatMap(({ run, undo }) => [run, undo]),
  ];
  const programs = findPrograms(union(...compartments));
  for (const set of compartments) refuseEscapes(set, programs, places);
  const screen = screenOf(Deno.stderr);
  const sinks = openSinks({
    tokens: request.tokens,
    events: request.events,
    log,
    key: Deno.env.get(tokenKeyVariable),
    stdout,
    stderr,
    color: mayColor(screen.terminal),
    columns: screen.columns,
  });
  const box = await preparing.box();
  requireBox(args, box);
  for (const set of compartments) requireProgramBoxes(set, box);
  const command = runnerCommand(request, programs, box, places);
  // From here on nothing is refused: now the run gets its folder.
  const record = { box: box.kind, signed: signed?.report.key, now: new Date() };
  const process = await preparing.keeper().open(request, launchRecord(request, places, record));
  launched.runner = startRunner(command, { request, programs, box, process }, places, sinks);
  if (planning.signal.aborted) launched.runner.interrupt("SIGINT", 1);
  const exit = await follow(launched.runner, request);
  for (const sink of sinks) sink.close?.();
  return exit;
}

async function follow(runner: Runner, request: LaunchRequest): Promise<ExitCode> {
  const end = await runner.end;
  switch (end.kind) {
    case "finished":
      return end.exit;
    case "stopped":
      stderr(showFault(end.message, end.hint));
      return end.exit;
    case "lost":
      stderr(showFault(
        `the runner was lost: ${end.how}; how far run ${request.run.id} came stands in its journal`,
        `go on with it: sluice resume ${request.run.id}`,
      ));
      return exitCode.bug;
  }
}

/** What the planner may ask. */
function answersOf(
  lockText: () => Promise<string | undefined>,
  places: LaunchPlaces,
  signed: SignedPipeline | undefined,
  preparing: Preparation,
): Answers {
  return {
    programs: findInstalled,
    async judgement(asked) {
      const text = await lockText();
      // What a signature covers needs nobody else to accept it.
      const code = asked.code?.filter(({ digest }) => !signed?.code.has(digest)) ?? [];
      return text === undefined ? text : judge({ ...asked, code }, readLock(text), places);
    },
    describerBox: () => preparing.box(),
    box: async (set) => foreseeBox(await preparing.box(), set, places),
  };
}

/** The text of the lock, where there is one. */
async function readLockText({ project }: LaunchPlaces): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(`${project}/${lockFile}`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function missingLock({ project }: LaunchPlaces): never {
  throw new InvalidInputError(`${project}/${lockFile} is missing`, {
    hint: "sluice lock writes it from pipelines/surfaces.yaml",
  });
}

/** The same promise each time. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => made ??= make();
}

function terminal(): Terminal {
  const screen = screenOf(Deno.stdout);
  return {
    stdin: Deno.stdin.readable,
    stdout,
    stderr,
    collect: log !== undefined,
    color: mayColor(screen.terminal),
    columns: screen.columns ?? 80,
  };
}

function mayColor(terminal: boolean): boolean {
  return terminal && !Deno.env.get("NO_COLOR");
}
