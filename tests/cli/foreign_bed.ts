/**
 * Runs one file as a step of others, with real processes from the command line down, and gives all
 * that came of it.
 *
 * @module
 */
import { folderWith } from "./folder_with.ts";
import { type Sluice, sluice, startSluice } from "./start_sluice.ts";

/** What a step of others is made of here: code as text, everything else as JSON. */
export interface ForeignSpec {
  /** Body of `run(input, ctx)`; may `return` facts. */
  readonly run: string;
  /** Body of `undo(input, facts, ctx)`; makes the step reversible. */
  readonly undo?: string;
  /** Body of `check(params, ctx)`. */
  readonly check?: string;
  /** Before the step, at the top of its file. */
  readonly top?: string;
  readonly effect?: "none" | "irreversible";
  readonly holds?: true;
  readonly params?: unknown;
  readonly late?: unknown;
  readonly facts?: unknown;
  /** What it asks for, for running. Paths are as they are given, or text like `${params.file}`. */
  readonly grants?: unknown;
  readonly undoGrants?: unknown;
}

/** A file that is a step. */
export function foreignFile(spec: ForeignSpec): string {
  const { run, undo, check, top = "", holds, grants = {}, undoGrants = {} } = spec;
  const effect = undo === undefined ? spec.effect ?? "none" : "reversible";
  const json = (value: unknown, otherwise: unknown) => JSON.stringify(value ?? otherwise);
  const open = { type: "object", additionalProperties: true };
  return `${top}
export default {
  summary: "Do what the test says",
  effect: ${json(effect, "")},
  ${holds ? "holds: true," : ""}
  params: ${json(spec.params, open)},
  ${spec.late === undefined ? "" : `late: ${json(spec.late, {})},`}
  facts: ${json(spec.facts, open)},
  permissions: (params) => ({
    run: ${json(grants, {})},
    ${undo === undefined ? "" : `undo: ${json(undoGrants, {})},`}
  }),
  ${check === undefined ? "" : `async check(params, ctx) {\n${check}\n},`}
  async run(input, ctx) {
${run}
  },
  ${undo === undefined ? "" : `async undo(input, facts, ctx) {\n${undo}\n},`}
};
`;
}

/** How a run went. */
export interface ForeignRun {
  readonly code: number;
  /** Everything on standard output: tokens and nothing else. */
  readonly stdout: string;
  /** Events of the run, as \`--events json\` tells them. */
  readonly events: readonly Readonly<Record<string, unknown>>[];
  /** Lines of standard error that are no events. */
  readonly said: readonly string[];
  /** What the step printed, a line each. */
  readonly output: readonly string[];
  /** Why the step failed, where it did. */
  readonly error?: { readonly name: string; readonly message: string; readonly hint?: string };
  /** Lines of the run's journal. */
  readonly journal: readonly Readonly<Record<string, unknown>>[];
}

export interface RunOptions {
  readonly cwd: string;
  /** More of the command line. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** What starts the launcher, when the pipeline has been planned: see `StartOptions`. */
  readonly before?: readonly [program: string, ...args: readonly string[]];
}

/** Plans a pipeline, accepts what it needs, and runs it to its end. */
export async function runAccepted(file: string, options: RunOptions): Promise<ForeignRun> {
  return await endOf(await startAccepted(file, options), options.cwd);
}

/** Plans a pipeline, accepts what it needs, and starts it. */
export async function startAccepted(
  file: string,
  { cwd, args = [], env, stdin, before }: RunOptions,
): Promise<Sluice> {
  const planned = await sluice(["plan", file, ...withoutRunOptions(args)], {
    cwd,
    ...(env && { env }),
  });
  const set = /\nset (sha256:\w+)/.exec(planned.stdout)?.[1];
  if (set === undefined) throw new Error(`it was not planned:\n${planned.stderr}`);
  return startSluice(["run", file, ...args, "--events", "json", "--accept", set], {
    cwd,
    ...(env && { env }),
    ...(stdin === undefined ? {} : { stdin }),
    ...(before && { before }),
  });
}

/** What `plan` knows too. */
function withoutRunOptions(args: readonly string[]): readonly string[] {
  return args.filter((argument, index) =>
    argument !== "--box" && args[index - 1] !== "--box" && !argument.startsWith("--box=")
  );
}

/** Waits for the end of a run that tells its events as JSON. */
export async function endOf({ ended }: Sluice, cwd: string): Promise<ForeignRun> {
  const { code, stdout, stderr } = await ended;
  const events: Record<string, unknown>[] = [];
  const said: string[] = [];
  for (const line of stderr.split("\n")) {
    if (line.startsWith('{"v":')) events.push(JSON.parse(line));
    else if (line !== "") said.push(line);
  }
  const failed = events.find(({ type }) => type === "step.failed") as
    | { error: NonNullable<ForeignRun["error"]> }
    | undefined;
  const output = events.filter(({ type }) => type === "output").map(({ text }) => String(text));
  const error = failed === undefined ? {} : { error: failed.error };
  return { code, stdout, events, said, output, ...error, journal: await journalOf(cwd) };
}

/** Runs one step of others alone. */
export async function runForeign(
  spec: ForeignSpec,
  options: Partial<RunOptions> & {
    /** What stands under `with`. */
    readonly with?: unknown;
    /** More keys of the step, such as `timeout: 1s`. */
    readonly step?: string;
    /** Steps after it, and whatever else stands in the pipeline. */
    readonly rest?: string;
  } = {},
): Promise<ForeignRun & { readonly cwd: string }> {
  const { with: input = {}, step = "", rest = "", ...others } = options;
  const cwd = others.cwd ?? await folderWith({});
  await Deno.writeTextFile(`${cwd}/step.ts`, foreignFile(spec));
  await Deno.writeTextFile(`${cwd}/alone.yaml`, foreignPipeline(input, step, rest));
  return { cwd, ...await runAccepted("alone.yaml", { ...others, cwd }) };
}

/** A pipeline with `step.ts` as its step `other`. */
export function foreignPipeline(input: unknown = {}, step = "", rest = ""): string {
  return `sluice: v1
name: alone
steps:
  - id: other
    uses: ./step.ts
    with: ${JSON.stringify(input)}
${step.replaceAll(/^(?=.)/gm, "    ")}
${rest}`;
}

async function journalOf(cwd: string): Promise<ForeignRun["journal"]> {
  try {
    for await (const { name, isDirectory } of Deno.readDir(`${cwd}/.sluice/runs`)) {
      if (!isDirectory) continue;
      const text = await Deno.readTextFile(`${cwd}/.sluice/runs/${name}/journal.jsonl`);
      return text.trimEnd().split("\n").map((line) => JSON.parse(line));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return [];
}

/** What a run noted, in order. */
export function notesOf({ events }: ForeignRun): readonly unknown[] {
  return events.filter(({ type }) => type === "note").map(({ text }) => text);
}

/** Its tokens without their JSON: `other START`. */
export function tokensOf({ stdout }: ForeignRun): readonly string[] {
  return stdout.trimEnd().split("\n").map((line) => line.split(":").slice(1, 3).join(" "));
}
