// flags: --allow-read=/ --allow-write=<tmp> --allow-net=127.0.0.1 --allow-run=<deno>,/usr/bin/ln,/usr/bin/bwrap,/bin/sh
/**
 * Attacks with Deno's sandbox away, in the box of a step of others and in none.
 *
 * @module
 */
import assert from "node:assert/strict";
import { permissions } from "../../../engine/permissions/permissions.ts";
import type { Box } from "../../../runtime/launch/box.ts";
import { childEnvironment } from "../../../runtime/launch/child_environment.ts";
import { enterForeignBox } from "../../../runtime/launch/enter_foreign_box.ts";
import { type Bed, makeBed } from "../../hostile/bed.ts";
import { wideCases } from "../../hostile/wide_cases.ts";
import { bubblewrap, noBox, placesAt } from "../box/box_world.ts";
import { project } from "../runner_command.ts";

/** Every kind that Deno asks about, for whatever it asks. */
const wide = [
  "--allow-read",
  "--allow-write",
  "--allow-net",
  "--allow-env",
  "--allow-sys",
  "--allow-run",
];

const script = `
const at = JSON.parse(Deno.args[0]);
const cases = {
${wideCases.map(({ name, code }) => `${JSON.stringify(name)}: async () => {${code}},`).join("\n")}
};
const told = {};
for (const [name, work] of Object.entries(cases)) {
  try { told[name] = String(await work()); } catch (error) { told[name] = String(error); }
}
console.log(JSON.stringify(told));
`;

async function runIn(box: Box, bed: Bed): Promise<Readonly<Record<string, string>>> {
  const file = `${bed.folder}/wide.ts`;
  await Deno.writeTextFile(file, script);
  const { secret, folder, port, socket } = bed;
  const at = { secret, folder, port, socket, parent: Deno.pid, project };
  const { command } = enterForeignBox(
    box,
    {
      program: Deno.execPath(),
      args: [
        ...["run", "--quiet", "--no-prompt", "--no-check", "--no-config", "--cached-only"],
        ...wide,
        file,
        JSON.stringify(at),
      ],
      env: childEnvironment(),
      cwd: "/",
    },
    // What it declared: one folder to read.
    { set: permissions({ read: [bed.open] }), programs: {}, files: [file] },
    placesAt(folder),
  );
  const { stdout, stderr } = await new Deno.Command(command.program, {
    args: [...command.args],
    cwd: command.cwd,
    clearEnv: true,
    env: { ...command.env },
    stdin: "null",
  }).output();
  const text = new TextDecoder().decode(stdout);
  assert.ok(text.startsWith("{"), new TextDecoder().decode(stderr));
  return JSON.parse(text);
}

const bed = await makeBed();
const boxed = await runIn(bubblewrap, bed);
const reached = bed.connections();
const free = await runIn(noBox, bed);
await bed.close();

for (const one of wideCases) {
  Deno.test(`${one.name}: ${one.attack}, with no flag of Deno in the way`, () => {
    assert.match(boxed[one.name]!, one.boxed);
    if (one.free !== undefined) assert.match(free[one.name]!, one.free);
  });
}

Deno.test("from a box no listener was reached", () => assert.equal(reached, 0));
