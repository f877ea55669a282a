// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>
import assert from "node:assert/strict";
import { copyProject } from "./copy_project.ts";
import { foreignFile, foreignPipeline } from "./foreign_bed.ts";

Deno.test("the lock lists code of others by its digest, and nothing else lets it run", async () => {
  const project = await copyProject();
  const surfaces = (await project.original("pipelines/surfaces.yaml")).replace(
    "surfaces:\n",
    "surfaces:\n  site:\n    kind: open\n    pipelines: [pipelines/site.yaml]\n" +
      '    ceiling: { read: ["${tmp}"] }\n',
  );
  await project.write("pipelines/surfaces.yaml", surfaces);
  await project.write("pipelines/site.yaml", foreignPipeline());
  await project.write("pipelines/step.ts", foreignFile({ run: "return {};" }));
  const run = ["run", "pipelines/site.yaml"];
  const locked = await project.sluice(["lock"]);
  assert.equal(locked.code, 0, locked.stderr);
  assert.match(locked.stdout, /code +pipelines\/step\.ts/);
  const shown = await project.sluice(["permissions", "site"]);
  assert.match(
    shown.stdout,
    /\nmay run 1 step of others, .*\n {2}pipelines\/step\.ts\n {6}sha256:[0-9a-f]{64}\n/,
  );
  const ran = await project.sluice(run);
  assert.equal(ran.code, 0, ran.stderr);
  const named = await project.sluice([...run, "--surface", "site"]);
  assert.equal(named.code, 0, named.stderr);

  await project.write("pipelines/step.ts", foreignFile({ run: "return { changed: true };" }));
  const refused = await project.sluice(run);
  assert.equal(refused.code, 7, refused.stderr);
  assert.match(refused.stderr, /surface site does not allow:\n {4}code +\.\/step\.ts sha256:/);
  const checked = await project.sluice(["lock", "--check"]);
  assert.equal(checked.code, 1);
  assert.match(
    checked.stdout,
    /^widened: .*\n {2}site\n {4}code +pipelines\/step\.ts\n {6}its code at pipelines\/step\.ts:1\n {6}- "pipelines\/step\.ts": "sha256:[0-9a-f]{64}"\n {6}\+ "pipelines\/step\.ts": "sha256:/,
  );

  // What it may touch is held by the ceiling as ever.
  const grants = { read: ["/etc/hostname"] };
  await project.write("pipelines/step.ts", foreignFile({ grants, run: "return {};" }));
  await project.sluice(["lock"]);
  const wide = await project.sluice(run);
  assert.equal(wide.code, 7);
  assert.match(wide.stderr, /does not allow:\n {4}read +\/etc\/hostname/);
});

Deno.test("a fixed surface has no steps of others", async () => {
  const project = await copyProject();
  const surfaces = (await project.original("pipelines/surfaces.yaml")).replace(
    "surfaces:\n",
    "surfaces:\n  site: { kind: fixed, pipeline: pipelines/site.yaml }\n",
  );
  await project.write("pipelines/surfaces.yaml", surfaces);
  await project.write("pipelines/site.yaml", foreignPipeline());
  await project.write("pipelines/step.ts", foreignFile({ run: "return {};" }));
  const { code, stderr } = await project.sluice(["lock"]);
  assert.equal(code, 2);
  assert.match(stderr, /\.\/step\.ts cannot be used here: its process is started by the launcher/);
});
