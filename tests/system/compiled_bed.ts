/**
 * Kits as they are compiled, for the tests of what every kit has to do.
 *
 * @module
 */
import assert from "node:assert/strict";
import { removeTree } from "../../engine/remove_tree.ts";
import { serve, type ToldService } from "../cli/told_service.ts";
import { type Ended, mustRun } from "./run_program.ts";
import { type Program, startProgram } from "./start_program.ts";
import { makeTestProject, type TestProject } from "./test_project.ts";

export type Form = "folder" | "binary";

const formFlags: Readonly<Record<Form, readonly string[]>> = { folder: [], binary: ["--binary"] };

/** Two kits of one form, and what they need around them. */
export interface CompiledBed extends AsyncDisposable {
  readonly top: string;
  readonly project: TestProject;
  readonly service: ToldService;
  /** The kit of the surface `switch`; it keeps its runs in `switch-runs`. */
  readonly switchKit: string;
  /** The kit of the surface `watch`, and where it keeps its runs. */
  readonly kit: string;
  readonly runs: string;
  readonly root: string;
  /** Starts the kit, with words behind the start script. */
  start(...words: readonly string[]): Program;
  run(...words: readonly string[]): Promise<Ended>;
  /** As it was at first: no runs, the service well, the older release current. */
  reset(): Promise<void>;
  /** The journals of its runs, oldest first. */
  journals(): Promise<readonly { readonly id: string; readonly lines: readonly Line[] }[]>;
}

type Line = Readonly<Record<string, unknown>>;

/** Makes the kits, a project that they are compiled from, and a service that the one watches. */
export async function makeCompiledBed(form: Form): Promise<CompiledBed> {
  const top = await Deno.realPath(await Deno.makeTempDir());
  const service = serve("ok");
  const root = `${top}/root`;
  const runs = `${top}/runs`;
  const kit = `${top}/kit`;
  await Deno.mkdir(root);
  const project = await makeTestProject(
    `${top}/checkout`,
    `  watch:
    kind: fixed
    note: Watch a service
    pipeline: pipelines/watch.yaml
    params: { root: "${root}", url: "${service.url}" }
  switch:
    kind: fixed
    pipeline: pipelines/switch.yaml
    params: { root: "${top}/appliance" }
`,
  );
  await compileKit(project, "watch", kit, form, runs);
  const switchKit = `${top}/switch`;
  await compileKit(project, "switch", switchKit, form, `${top}/switch-runs`);
  const start = (...words: readonly string[]) =>
    startProgram("/bin/sh", [`${kit}/start`, ...words]);
  return {
    top,
    project,
    service,
    switchKit,
    kit,
    runs,
    root,
    start,
    run: (...words) => start(...words).ended,
    async reset() {
      service.seen.status = "ok";
      service.seen.asked = Promise.withResolvers();
      for (const name of ["runs", "switch-runs", "appliance"]) await removeTree(`${top}/${name}`);
      await Deno.mkdir(`${top}/switch-runs`);
      await makeAppliance(`${top}/appliance`);
    },
    async journals() {
      const ids = (await Array.fromAsync(Deno.readDir(runs))).map(({ name }) => name).sort();
      return await Promise.all(ids.map(async (id) => {
        const text = await Deno.readTextFile(`${runs}/${id}/journal.jsonl`);
        return { id, lines: text.trimEnd().split("\n").map((line): Line => JSON.parse(line)) };
      }));
    },
    async [Symbol.asyncDispose]() {
      await service.stop();
      await removeTree(top);
    },
  };
}

/** An installation with two releases, the first of them current. */
async function makeAppliance(root: string): Promise<void> {
  for (const version of ["1.0.0", "2.0.0"]) {
    await Deno.mkdir(`${root}/releases/${version}`, { recursive: true });
  }
  await mustRun("/usr/bin/ln", ["-s", "--", "releases/1.0.0", `${root}/current`]);
}

/** Compiles a surface of a project, which keeps its runs in a folder. */
export async function compileKit(
  { sluice }: TestProject,
  surface: string,
  output: string,
  form: Form,
  runs: string,
): Promise<void> {
  const args = ["compile", surface, "--output", output, "--runs", runs, ...formFlags[form]];
  const { code, stderr } = await sluice(args);
  assert.equal(code, 0, stderr);
}
