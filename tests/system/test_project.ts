/**
 * A checkout of its own, with surfaces of the test's: what `sluice compile` and `sluice install` are
 * started in, and what can be taken away afterwards.
 *
 * @module
 */
import { launcherFlags } from "../cli/start_sluice.ts";
import { type Ended, runProgram } from "./run_program.ts";
import { project } from "./runner_command.ts";

export interface TestProject {
  readonly folder: string;
  /** Runs `sluice` of this checkout, as the task does. */
  sluice(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** The command that does so, for strace. */
  command(args: readonly string[]): readonly [program: string, ...args: string[]];
}

/** What a fixed surface of a test does. */
export const watchPipeline = `sluice: v1
name: watch
summary: Wait until a service is healthy, with the installation locked
params:
  root: { type: path }
  url: { type: url }
steps:
  - id: A0-1
    uses: release.lock
    with: { root: "\${{ params.root }}" }
  - id: A0-2
    uses: http.probe
    with: { url: "\${{ params.url }}", deadline: 60s }
`;

export const switchPipeline = `sluice: v1
name: switch
summary: Point an installation to its second release
params:
  root: { type: path }
  release: { type: string, default: "2.0.0" }
steps:
  - id: P5-3
    uses: release.switch
    with: { root: "\${{ params.root }}", release: "\${{ params.release }}" }
`;

/**
 * Makes a checkout in a folder and locks its surfaces.
 *
 * @param surfaces the text under `surfaces:`, indented
 */
export async function makeTestProject(folder: string, surfaces: string): Promise<TestProject> {
  for (const name of ["engine", "runtime", "steps"]) {
    await copySources(`${project}/${name}`, `${folder}/${name}`);
  }
  for (const name of ["deno.json", "deno.lock"]) {
    await Deno.copyFile(`${project}/${name}`, `${folder}/${name}`);
  }
  await Deno.mkdir(`${folder}/pipelines`);
  const write = (name: string, text: string) =>
    Deno.writeTextFile(`${folder}/pipelines/${name}`, text);
  await write("watch.yaml", watchPipeline);
  await write("switch.yaml", switchPipeline);
  await write("surfaces.yaml", `schemaVersion: 1\nad_hoc: { ceiling: {} }\nsurfaces:\n${surfaces}`);
  const made = projectIn(folder);
  const locked = await made.sluice(["lock"]);
  if (locked.code !== 0) throw new Error(`the surfaces cannot be locked: ${locked.stderr}`);
  return made;
}

/** The checkout that lies in a folder by now. */
export function projectIn(folder: string): TestProject {
  const command: TestProject["command"] = (args) => [
    Deno.execPath(),
    ...["run", "--quiet", ...launcherFlags],
    `${folder}/runtime/launch/main.ts`,
    ...args,
  ];
  return {
    folder,
    command,
    sluice: async (args, env = {}) => {
      const [program, ...words] = command(args);
      return await runProgram(program, words, { cwd: folder, env });
    },
  };
}

async function copySources(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copySources(`${from}/${name}`, `${to}/${name}`);
    else if (/\.(ts|py|txt|json)$/.test(name) && !name.endsWith("_test.ts")) {
      await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
    }
  }
}
