/**
 * For tests: a project with a fixed and an open surface, whose lock is written.
 *
 * @module
 */
import assert from "node:assert/strict";
import { runCli } from "./cli.ts";
import { type PlaceOptions, recordedPlace } from "./recorded_place.ts";
import { testRegistry } from "./test_registry.ts";
import { withFolder } from "./with_folder.ts";

const ln = { path: "/usr/bin/ln", real: "/usr/bin/coreutils" };
export const surfaces = `schemaVersion: 1
ad_hoc:
  ceiling: { read: ["\${tmp}"] }
surfaces:
  links:
    kind: fixed
    note: Keep the link of this machine
    pipeline: pipelines/links.yaml
    params: { root: /srv/demo }
  anything:
    kind: open
    pipelines: [pipelines/links.yaml]
    ceiling:
      write: ["\${runs}", /srv]
      connect: [localhost]
`;
const pipeline = `sluice: v1
name: links
params:
  root: { type: path }
  target: { type: string, default: a }
steps:
  - { id: look, uses: demo.look, with: { root: /srv/other } }
  - id: link
    uses: demo.link
    with: { root: "\${{ params.root }}", target: "\${{ params.target }}" }
`;
export const config = `{
  // The tasks of the project.
  "tasks": { "t": "deno run" }
}
`;

export interface LockedProject {
  readonly cwd: string;
  sluice(...args: readonly string[]): Promise<{ exit: number; out: string; err: string }>;
  read(file: string): Promise<string>;
  write(file: string, text: string): Promise<void>;
  edit(file: string, from: string, to: string): Promise<void>;
  /** As a machine that has other programs. */
  at(options: Partial<PlaceOptions>): LockedProject["sluice"];
}

/** A project with surfaces, locked. */
export async function withProject(test: (project: LockedProject) => Promise<void>): Promise<void> {
  await withFolder(async (cwd) => {
    const at = (more: Partial<PlaceOptions>) => async (...args: readonly string[]) => {
      const place = recordedPlace({ cwd, programs: { ln }, ...more });
      const exit = await runCli(args, place, testRegistry);
      return { exit, ...place.said };
    };
    const read = (file: string) => Deno.readTextFile(`${cwd}/${file}`);
    const write = (file: string, text: string) => Deno.writeTextFile(`${cwd}/${file}`, text);
    await Deno.mkdir(`${cwd}/pipelines`);
    await write("pipelines/surfaces.yaml", surfaces);
    await write("pipelines/links.yaml", pipeline);
    await write("deno.json", config);
    const project: LockedProject = {
      cwd,
      sluice: at({}),
      at,
      read,
      write,
      async edit(file, from, to) {
        const text = await read(file);
        assert.ok(text.includes(from), from);
        await write(file, text.replaceAll(from, to));
      },
    };
    const { exit, err } = await project.sluice("lock");
    assert.equal(exit, 0, err);
    await test(project);
  });
}
