// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno> --allow-env=<what Deno needs>,SLUICE_*
import assert from "node:assert/strict";
import {
  type Permissions,
  permissions,
  type ProgramGrant,
} from "../../engine/permissions/permissions.ts";
import { type BrokerRequest, makeBroker } from "./broker.ts";
import { placesIn } from "./test_places.ts";

/** A module of which the set says that it may read its own folder and the variable NAME, at most. */
async function world(code: string) {
  const root = await Deno.realPath(await Deno.makeTempDir());
  const folder = `${root}/package`;
  await Deno.mkdir(folder);
  await Deno.writeTextFile(`${folder}/main.ts`, code);
  await Deno.writeTextFile(`${folder}/data`, "data");
  await Deno.writeTextFile(`${root}/outside.ts`, "export default 'outside';");
  const places = placesIn(root);
  const grant: ProgramGrant = {
    program: `${folder}/main.ts`,
    args: ["*"],
    env: ["NAME"],
    brokered: true,
    deno: permissions({ read: [folder], env: ["NAME"] }),
  };
  const broker = makeBroker(
    { set: permissions({ run: [grant] }), foreign: {}, programs: {}, folder: `${root}/runs/r1` },
    { kind: "none", why: "there is none" },
    places,
  );
  const start = (deno: Permissions) => {
    const request: BrokerRequest = {
      type: "broker",
      id: 1,
      step: "load",
      grant,
      program: grant.program,
      args: ["argument"],
      env: { NAME: "value" },
      max_output: 1000,
      show: false,
      stays: false,
      deno,
    };
    return broker.start(request);
  };
  return { root, folder, start };
}

Deno.test("startModule() grants what was asked for out of what was admitted, and no more", async () => {
  const { folder, start } = await world(`
    const state = (name, more) => Deno.permissions.querySync({ name, ...more }).state;
    const own = new URL(".", import.meta.url).pathname;
    console.log(Deno.args.join(), state("env", { variable: "NAME" }), state("read", { path: own }));
    for (const name of ["read", "write", "net", "env", "sys", "run", "ffi", "import"]) {
      if (state(name) !== (name === "import" ? "denied" : "prompt")) console.log(name, state(name));
    }`);
  const some = await start(permissions({ env: ["NAME"] }));
  assert.deepEqual(some, { code: 0, stdout: "argument granted prompt\n", stderr: "" });
  const all = await start(permissions({ env: ["NAME"], read: [folder] }));
  assert.deepEqual(all, { code: 0, stdout: "argument granted granted\n", stderr: "" });
});

Deno.test("startModule() refuses more than was admitted, programs too, before anything runs", async () => {
  const { root, folder, start } = await world(`console.log("it ran")`);
  const run = [{ program: "ln", args: [], env: [] }];
  const more: Partial<Permissions>[] = [{ read: [root] }, { write: [folder] }, { run }, {
    connect: ["example.com"],
  }];
  for (const set of more) {
    const answer = await start(permissions(set));
    assert.match("refused" in answer ? answer.refused : "it ran", /may not grant|ln/);
  }
});

Deno.test("startModule() lets a module import by a name that it computes only what it may read", async () => {
  const { root, folder, start } = await world(`
    const load = async (path) => {
      const loaded = import("file://" + path);
      console.log(await loaded.then((module) => module.default, ({ message }) => message));
    };
    await load("ROOT/outside.ts");
    await load("ROOT/package/inner.ts");`);
  const code = await Deno.readTextFile(`${folder}/main.ts`);
  await Deno.writeTextFile(`${folder}/main.ts`, code.replaceAll("ROOT", root));
  // What such a module imports in turn is no part of the program either.
  await Deno.writeTextFile(
    `${folder}/inner.ts`,
    `import text from "../outside.ts" with { type: "text" }; export default text;`,
  );
  const ended = await start(permissions({ read: [folder] }));
  assert.ok("stdout" in ended);
  const lines = ended.stdout.trim().split("\n");
  assert.equal(lines.length, 2, ended.stdout);
  for (const line of lines) assert.match(line, /Requires read access to .*outside\.ts/);
});
