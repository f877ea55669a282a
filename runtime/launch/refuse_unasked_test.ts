// flags: --allow-read=<tmp> --allow-write=<tmp>
import assert from "node:assert/strict";
import { InvalidInputError, RefusedError } from "../../engine/errors.ts";
import type { Lock } from "../../engine/permissions/lock/lock.ts";
import { none } from "../../engine/permissions/permissions.ts";
import { refuseUnasked } from "./refuse_unasked.ts";
import type { RunMode } from "./run_mode.ts";

const lock: Lock = {
  schemaVersion: 1,
  ad_hoc: { ceiling: none },
  surfaces: {
    fixed: { kind: "fixed", pipeline: "pipelines/fixed.yaml", set: none },
    open: { kind: "open", pipelines: ["pipelines/open.yaml", "pipelines/b.yaml"], ceiling: none },
    only: { kind: "open", pipelines: ["pipelines/only.yaml"], ceiling: none },
  },
};

async function refused(
  args: readonly string[],
  told: { mode?: RunMode; file?: string; id?: string },
): Promise<boolean> {
  const runs = await Deno.makeTempDir();
  for (const id of ["r1", "r22"]) await Deno.mkdir(`${runs}/${id}`);
  const { mode = { kind: "run" }, file, id = "new" } = told;
  const request = {
    mode,
    run: { id, folder: `${runs}/${id}` },
    ...(file === undefined ? {} : { file }),
  };
  const places = { deno: "/deno", project: "/project", cwd: "/home/me", runs, tmp: "/tmp" };
  try {
    await refuseUnasked(request, lock, places, args);
    return false;
  } catch (error) {
    if (error instanceof RefusedError) return true;
    throw error;
  }
}

Deno.test("refuseUnasked() holds a new run to the pipeline that was named", async () => {
  const cases: [readonly string[], string | undefined, boolean][] = [
    [["run", "a.yaml"], "/home/me/a.yaml", false],
    [["run", "--param", "b=c", "../me/./a.yaml"], "/home/me/a.yaml", false],
    [["run", "a.yaml"], "/project/pipelines/open.yaml", true],
    [["run", "a.yaml"], undefined, true],
    [["run", "--surface", "fixed"], "/project/pipelines/fixed.yaml", false],
    [["run", "--surface", "fixed"], "/project/pipelines/open.yaml", true],
    [
      ["run", "--surface=open", "/project/pipelines/open.yaml"],
      "/project/pipelines/open.yaml",
      false,
    ],
    [["run", "--surface=open"], "/project/pipelines/open.yaml", true],
    [["run", "--surface=only"], "/project/pipelines/only.yaml", false],
    [["run", "--surface=only"], "/project/pipelines/open.yaml", true],
    [["run", "--plan", "p.json"], undefined, false],
    [["run", "--plan", "p.json"], "/project/pipelines/fixed.yaml", true],
  ];
  for (const [args, file, expected] of cases) {
    const told = file === undefined ? {} : { file };
    assert.deepEqual([args, file, await refused(args, told)], [args, file, expected]);
  }
});

Deno.test("refuseUnasked() holds to the command, and to the run that it names", async () => {
  const undo: RunMode = { kind: "undo" };
  const resume = (again: boolean): RunMode => ({ kind: "resume", again });
  assert.equal(await refused(["undo", "r1"], { mode: undo, id: "r1" }), false);
  assert.equal(await refused(["undo", "2"], { mode: undo, id: "r22" }), false);
  assert.equal(await refused(["undo", "r1"], { mode: undo, id: "r22" }), true);
  assert.equal(await refused(["resume", "r1"], { mode: undo, id: "r1" }), true);
  assert.equal(await refused(["run", "a.yaml"], { mode: undo, id: "r1" }), true);
  assert.equal(await refused(["plan", "a.yaml"], { file: "/home/me/a.yaml" }), true);
  assert.equal(await refused(["resume", "r1"], { mode: resume(false), id: "r1" }), false);
  assert.equal(await refused(["resume", "r1"], { mode: resume(true), id: "r1" }), true);
  assert.equal(await refused(["resume", "r1", "--again"], { mode: resume(true), id: "r1" }), false);
  await assert.rejects(
    refused(["resume", "zz"], { mode: resume(false), id: "r1" }),
    InvalidInputError,
  );
});
