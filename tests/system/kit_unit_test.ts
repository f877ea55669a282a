// flags: tests/system_groups.ts
/**
 * The unit of an installed kit, as systemd reads it and as a real systemd starts it.
 *
 * @module
 */
import assert from "node:assert/strict";
import { writeMachine } from "./booted_machine.ts";
import { mustRun, runProgram } from "./run_program.ts";
import { project } from "./runner_command.ts";
import { makeTestProject } from "./test_project.ts";

/** Where the kit lies in the world that `boot_systemd.sh` makes. */
const places = { prefix: "/prog", units: "/units", runs: "/opt/runs", root: "/opt/appliance" };
const unit = "sluice-switch.service";

/** A world in which the surface `switch` is installed. */
async function installed(): Promise<string> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  const checkout = await makeTestProject(
    `${folder}/checkout`,
    `  switch:
    kind: fixed
    note: Switch an appliance
    pipeline: pipelines/switch.yaml
    params: { root: ${places.root} }
`,
  );
  const { prefix, units, runs } = places;
  const { code, stderr } = await checkout.sluice([
    ...["install", "switch", "--root", folder, "--prefix", prefix],
    ...["--unit-dir", units, "--runs", runs],
  ]);
  assert.equal(code, 0, stderr);
  return folder;
}

Deno.test("systemd finds no fault in the unit of an installed kit", async () => {
  const folder = await installed();
  // Read as it lies there: the command has to be there, too.
  const file = `${folder}${places.units}/${unit}`;
  const text = await Deno.readTextFile(file);
  await Deno.writeTextFile(
    file,
    text.replaceAll(`${places.prefix}/`, `${folder}${places.prefix}/`),
  );
  const { code, stdout, stderr } = await runProgram("/usr/bin/systemd-analyze", ["verify", file]);
  assert.deepEqual([code, stdout, stderr], [0, "", ""], text);
});

Deno.test("systemd starts an installed kit: its tokens, its journal, its end", async () => {
  const folder = await installed();
  const write = (name: string, text: string) => Deno.writeTextFile(`${folder}/${name}`, text);
  for (const name of [`units/${unit}.d`, "opt/runs", "srv", "out"]) {
    await Deno.mkdir(`${folder}/${name}`, { recursive: true });
  }
  const appliance = `${folder}${places.root}`;
  for (const version of ["1.0.0", "2.0.0"]) {
    await Deno.mkdir(`${appliance}/releases/${version}`, { recursive: true });
  }
  await mustRun("/usr/bin/ln", ["-s", "--", "releases/1.0.0", `${appliance}/current`]);
  await write("prog/deno", ""); // Where the script puts one; the kit has its own.
  await writeMachine(folder);
  const early = "[Unit]\nDefaultDependencies=no\n";
  // What of the machine is not there, and where the output goes. The appliance is root's.
  await write(
    `units/${unit}.d/test.conf`,
    `${early}SuccessAction=exit-force\nFailureAction=exit-force\n[Service]\nUser=root\n` +
      "StandardOutput=file:/out/stdout\nStandardError=file:/out/stderr\n",
  );
  await write("units/default.target", `${early}Wants=${unit}\n`);
  const booted = await runProgram("/bin/sh", [
    `${project}/tests/system/boot_systemd.sh`,
    folder,
    Deno.execPath(),
  ]);
  const said = await Deno.readTextFile(`${folder}/out/stderr`).catch(String);
  assert.equal(booted.code, 0, booted.stderr + said);
  const tokens = await Deno.readTextFile(`${folder}/out/stdout`);
  assert.match(tokens, /^APPLIANCE_STEP:P5-3:START:.*\nAPPLIANCE_STEP:P5-3:OK:.*\n$/);
  assert.equal(await Deno.readLink(`${appliance}/current`), "releases/2.0.0");
  const [run] = await Array.fromAsync(Deno.readDir(`${folder}${places.runs}`));
  const journal = await Deno.readTextFile(`${folder}${places.runs}/${run!.name}/journal.jsonl`);
  assert.deepEqual(JSON.parse(journal.split("\n")[0]!).box, { kind: "unit" });
});
