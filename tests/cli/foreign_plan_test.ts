// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno> --allow-env=SLUICE_UPDATE_GOLDEN
// To rewrite the golden files: deno task golden
import assert from "node:assert/strict";
import { compareGolden } from "../golden.ts";
import { faultyPipeline, faultySteps } from "./faulty_steps.ts";
import { folderWith } from "./folder_with.ts";
import { sluice } from "./start_sluice.ts";

const fixtures = new URL("../fixtures/foreign/", import.meta.url);

const countLines = await Deno.readTextFile(new URL("count_lines.ts", fixtures));

const pipeline = `sluice: v1
name: count
steps:
  - id: count
    uses: ./count_lines.ts
    with: { file: hosts }
`;

Deno.test("sluice check tells at its place what is wrong with a step of others", async () => {
  const cwd = await folderWith({ ...faultySteps, "faulty.yaml": faultyPipeline });
  const { code, stderr, stdout } = await sluice(["check", "faulty.yaml"], { cwd });
  assert.equal(code, 2, stderr);
  assert.equal(stdout, "");
  await compareGolden("cli/check_foreign.txt", stderr);
});

Deno.test("sluice plan shows a step of others with its code and what it may", async () => {
  const cwd = await folderWith({ "count_lines.ts": countLines, "count.yaml": pipeline });
  const { code, stderr, stdout } = await sluice(["plan", "count.yaml"], { cwd });
  assert.equal(code, 0, stderr);
  assert.match(
    stdout,
    /a step of others, in a process.*: \.\/count_lines\.ts\n {8}sha256:[0-9a-f]{64}\n/,
  );
  // A long path goes on below.
  assert.ok(stdout.replaceAll(/\n {16}/g, "").includes(`reads     ${cwd}/hosts`), stdout);
});

Deno.test("sluice plan names another set when the code of a step of others changes", async () => {
  const cwd = await folderWith({ "count_lines.ts": countLines, "count.yaml": pipeline });
  const setOf = async () => {
    const { stdout } = await sluice(["plan", "count.yaml"], { cwd });
    return /\nset (sha256:\w+)/.exec(stdout)![1];
  };
  const before = await setOf();
  assert.equal(await setOf(), before);
  await Deno.writeTextFile(`${cwd}/count_lines.ts`, `${countLines}\n// a comment`);
  assert.notEqual(await setOf(), before);
});

Deno.test("sluice steps documents a file that is a step", async () => {
  const cwd = await folderWith({ "count_lines.ts": countLines, "no.ts": "export default 1;" });
  const { code, stderr, stdout } = await sluice(["steps", "./count_lines.ts"], { cwd });
  assert.equal(code, 0, stderr);
  await compareGolden("cli/steps_foreign.txt", stdout);
  const wrong = await sluice(["steps", "./no.ts"], { cwd });
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /^sluice: \.\/no\.ts: its default export is no step\n {2}help: /);
});

Deno.test("sluice check reads no step of others from outside the pipeline's folder", async () => {
  const outside = await folderWith({ "count_lines.ts": countLines });
  const cwd = await folderWith({
    "count.yaml": pipeline.replace("./count", `../${outside.split("/").at(-1)}/count`),
  });
  const { code, stderr } = await sluice(["check", "count.yaml"], { cwd });
  assert.equal(code, 2);
  assert.match(stderr, /cannot be read: it is outside the folder that may be read while planning/);
  assert.match(stderr, /= help: put it into the folder of the pipeline/);
});
