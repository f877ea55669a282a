import assert from "node:assert/strict";
import { declaredBy } from "../permissions/derive.ts";
import { resolveTexts } from "./draft_surfaces.ts";

const install = `sluice: v1
name: install
params:
  root: { type: path, env: DEMO_ROOT }
  bundle: { type: path, default: ../bundles/a.tar }
  release: { type: string }
  hosts: { type: list, default: [a] }
steps:
  - { id: stage, uses: demo.stage, with: { root: "\${{ params.root }}", bundle: "\${{ params.bundle }}" } }
  - id: switch
    uses: demo.switch
    with: { root: "\${{ params.root }}", release: "\${{ params.release }}" }
  - id: tell
    uses: demo.announce
    for_each: \${{ params.hosts }}
    with: { text: "\${{ item }}" }
`;
const outer = `sluice: v1
name: outer
params:
  where: { type: path }
  version: { type: string }
steps:
  - id: inner
    uses: pipeline
    file: install.yaml
    params: { root: "\${{ params.where }}", release: "\${{ params.version }}", hosts: [] }
`;
const pipelines = { "pipelines/install.yaml": install, "pipelines/outer.yaml": outer };

const fixed = (pipeline: string, params = "{}") =>
  `  it:\n    kind: fixed\n    pipeline: ${pipeline}\n    params: ${params}\n`;

async function faults(surfaces: string): Promise<readonly string[]> {
  const { surfaces: found, diagnostics } = await resolveTexts(surfaces, pipelines);
  assert.equal(found === undefined, diagnostics.length > 0);
  return diagnostics.map(({ message, hint, span: { file, line, column } }) =>
    `${file}:${line}:${column} ${message}${hint === undefined ? "" : ` (${hint})`}`
  );
}

Deno.test("resolveSurfaces() plans a fixed surface with what it says, among words", async () => {
  const text = fixed("pipelines/install.yaml", '{ root: "${project}/out" }');
  const { surfaces, diagnostics } = await resolveTexts(text, pipelines);
  assert.deepEqual(diagnostics, []);
  const [surface] = surfaces!;
  assert.ok(surface !== undefined && "plan" in surface);
  const { read, write } = declaredBy(surface.plan);
  assert.deepEqual(read, ["/${project}/bundles/a.tar", "/${project}/out"]);
  assert.deepEqual(write, ["/${project}/out"]);
  assert.equal(surface.plan.steps[0]?.span.file, "pipelines/install.yaml");
});

Deno.test("resolveSurfaces() wants a value for what permissions may depend on, and for nothing else", async () => {
  assert.deepEqual(await faults(fixed("pipelines/install.yaml")), [
    'pipelines/surfaces.yaml:4:3 the surface it is fixed, but the parameter "root" of ' +
    "pipelines/install.yaml has no value, and the permissions of step stage (demo.stage) may " +
    "depend on it (write params: { root: … }, or give it a default)",
  ]);
});

Deno.test("resolveSurfaces() follows parameters into included pipelines", async () => {
  const [fault, ...others] = await faults(fixed("pipelines/outer.yaml"));
  assert.match(fault!, /the parameter "where" .* step inner\.stage \(demo\.stage\)/);
  assert.deepEqual(others, []);
  assert.deepEqual(await faults(fixed("pipelines/outer.yaml", "{ where: /opt/x }")), []);
});

Deno.test("resolveSurfaces() tells of pipelines, parameters, words and values that are not right", async () => {
  const open = (path: string) =>
    `  it:\n    kind: open\n    pipelines: [${path}]\n    ceiling: {}\n`;
  assert.deepEqual(await faults(open("pipelines/instal.yaml")), [
    "pipelines/surfaces.yaml:6:17 pipelines/instal.yaml cannot be read: there is no such file " +
    '(did you mean "pipelines/install.yaml"?)',
  ]);
  assert.match((await faults(fixed("pipelines/outre.yaml")))[0]!, /:6:15 .*"pipelines\/outer/);
  const wrong = await faults(
    fixed(
      "pipelines/install.yaml",
      '{ rot: /x, root: "${porject}/a", hosts: "${{ params.root }}" }',
    ),
  );
  assert.deepEqual(wrong.slice(0, 3), [
    'pipelines/surfaces.yaml:7:15 pipelines/install.yaml has no parameter "rot" ' +
    '(did you mean "root"?)',
    'pipelines/surfaces.yaml:7:30 "${porject}/a" holds a word that is not put in ' +
    '(did you mean "project"?)',
    "pipelines/surfaces.yaml:7:53 the values of a fixed surface hold no expressions " +
    "(write the value out)",
  ]);
  const typed = await faults(fixed("pipelines/install.yaml", "{ root: [a] }"));
  assert.match(typed[0]!, /surfaces\.yaml:7:21 .*"root" must be a path/);
});
