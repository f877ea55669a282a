/**
 * For tests: a registry of three steps, one for each effect, and a pipeline that uses them.
 *
 * @module
 */
import * as v from "valibot";
import { permissions } from "../../engine/permissions/permissions.ts";
import { makeRegistry } from "../../engine/registry.ts";
import { path } from "../../engine/schema/types.ts";
import { defineStep } from "../../engine/step.ts";

const look = defineStep({
  name: "demo.look",
  summary: "Look at a folder",
  effect: "none",
  params: v.strictObject({ root: path() }),
  facts: v.strictObject({ files: v.number() }),
  example: "uses: demo.look\nwith: { root: /srv/demo }",
  permissions: ({ root }) => ({ run: permissions({ read: [root] }) }),
  run: () => Promise.resolve({ files: 0 }),
});

const link = defineStep({
  name: "demo.link",
  summary: "Make a link",
  effect: "reversible",
  params: v.strictObject({ root: path() }),
  late: v.strictObject({ target: v.string() }),
  facts: v.strictObject({ link: v.string() }),
  example: "uses: demo.link\nwith: { root: /srv/demo, target: a }",
  permissions({ root }) {
    const set = permissions({
      write: [root],
      run: [{ program: "ln", args: ["-sfn", "--", "*", `${root}/link`], env: [] }],
    });
    return { run: set, undo: set };
  },
  run: ({ root }) => Promise.resolve({ link: `${root}/link` }),
  undo: () => Promise.resolve(),
});

const burn = defineStep({
  name: "demo.burn",
  summary: "Burn a folder",
  effect: "irreversible",
  params: v.strictObject({ root: path() }),
  facts: v.strictObject({ ash: v.number() }),
  example: "uses: demo.burn\nwith: { root: /srv/demo }",
  permissions: ({ root }) => ({ run: permissions({ write: [root] }) }),
  run: () => Promise.resolve({ ash: 1 }),
});

export const testRegistry = makeRegistry([look, link, burn]);

export const testPipeline = `sluice: v1
name: demo
summary: Look, link and burn
params:
  root: { type: path, env: DEMO_ROOT, summary: Where all is }
  target: { type: string, default: a }
steps:
  - id: look
    uses: demo.look
    with: { root: "\${{ params.root }}" }
  - id: link
    uses: demo.link
    with: { root: "\${{ params.root }}", target: "\${{ params.target }}" }
  - id: burn
    uses: demo.burn
    with: { root: "\${{ params.root }}" }
    when: steps.look.files > 0
`;
