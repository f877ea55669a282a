// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>,/usr/bin/ln,/bin/sh
/** Where runs are kept, where a user stands and what the environment holds, when it is unusual. */
import assert from "node:assert/strict";
import { folderWith } from "./folder_with.ts";
import { foreignFile, foreignPipeline, runAccepted } from "./foreign_bed.ts";
import { sluice, startSluice } from "./start_sluice.ts";

const files = {
  "alone.yaml": foreignPipeline(),
  "step.ts": foreignFile({ run: "return {};" }),
};

async function link(target: string, path: string): Promise<void> {
  const { success } = await new Deno.Command("/usr/bin/ln", {
    args: ["-s", "--", target, path],
  }).output();
  assert.ok(success);
}

Deno.test("sluice run keeps its runs behind a link, and goes on with them", async () => {
  const cwd = await folderWith(files);
  await Deno.mkdir(`${cwd}/real`);
  await link(`${cwd}/real`, `${cwd}/link`);
  const args = ["--runs", "link/runs"];
  const { code, stdout, said } = await runAccepted("alone.yaml", { cwd, args });
  assert.equal(code, 0, said.join("\n"));
  assert.match(stdout, /APPLIANCE_STEP:other:OK/);
  const listed = await sluice(["runs", ...args], { cwd });
  assert.match(listed.stdout, / alone +done /);
});

Deno.test("a pipeline or a file of values that is a link out of its folder is not quoted", async () => {
  const elsewhere = await folderWith({ "key": "hunter2: kept\n", ...files });
  const cwd = await folderWith({ ...files, "ours.txt": "x: y\n" });
  await link(`${elsewhere}/key`, `${cwd}/key.yaml`);
  await link(`${cwd}/ours.txt`, `${cwd}/within.yaml`);
  for (
    const args of [["check", "key.yaml"], ["plan", "key.yaml"], [
      "check",
      "alone.yaml",
      "--params",
      "key.yaml",
    ]]
  ) {
    const { code, stdout, stderr } = await sluice(args, { cwd });
    assert.equal(code, 2, stderr);
    assert.doesNotMatch(stdout + stderr, /hunter2|kept/);
    assert.match(
      stderr,
      /"key\.yaml" is a link that leaves its folder\n.*help: name the file that/,
    );
  }
  const within = await sluice(["check", "within.yaml"], { cwd });
  assert.match(within.stderr, /unknown key "x"/);
  const named = await sluice(["check", `${elsewhere}/key`], { cwd });
  assert.match(named.stderr, /unknown key "hunter2"/);
});

Deno.test("what is in the place of the runs' folder, and no folder, is called that", async () => {
  const cwd = await folderWith({ ...files, file: "" });
  await link("nowhere", `${cwd}/dangling`);
  for (const runs of ["file", "dangling"]) {
    const { code, said } = await runAccepted("alone.yaml", { cwd, args: ["--runs", runs] });
    assert.equal(code, 4, said.join("\n"));
    assert.match(said.join("\n"), /the folder of the run, .*, cannot be made: .*is no folder/);
    assert.match(said.join("\n"), /help: look at the space and the rights there/);
  }
});

Deno.test("a path that no grant can name is a fault of the command line, not of Sluice", async () => {
  const cwd = await folderWith(files);
  const split = await sluice(["run", "alone.yaml", "--runs", "a\nb"], { cwd });
  assert.equal(split.code, 64, split.stderr);
  assert.match(split.stderr, /no path may hold a control character: ".*a\\nb"/);
  await Deno.mkdir(`${cwd}/a,b`);
  await Deno.writeTextFile(`${cwd}/a,b/x.yaml`, files["alone.yaml"]);
  const comma = await sluice(["check", "x.yaml"], { cwd: `${cwd}/a,b` });
  assert.equal(comma.code, 2, comma.stdout);
  assert.match(
    comma.stdout + comma.stderr,
    /"x\.yaml" cannot be read: .*\/a,b\/x\.yaml has a comma/,
  );
  const long = await sluice(["runs", "--runs", "a".repeat(300)], { cwd });
  assert.equal(long.code, 2, long.stderr);
  assert.match(long.stderr, /the runs cannot be listed: .*\n {2}help: is --runs right/);
});

/** Starts what follows with a variable that holds no UTF-8 text. */
const withBytes = (name: string): [string, ...string[]] => [
  "/bin/sh",
  "-c",
  `export ${name}="$(printf 'kept-to-itself\\377')"; exec "$@"`,
  "sh",
];

Deno.test("a variable that holds no text is named, and its value shown nowhere", async () => {
  const secret = { type: "string", sluice: "secret" };
  const cwd = await folderWith({
    "alone.yaml": foreignPipeline({ key: "env:SLUICE_TEST_SECRET" }),
    "step.ts": foreignFile({
      params: { type: "object", properties: { key: secret }, required: ["key"] },
      grants: { env: ["SLUICE_TEST_SECRET"] },
      run: "await ctx.secret(input.key); return {};",
    }),
  });
  const planned = await sluice(["plan", "alone.yaml"], { cwd });
  const set = /\nset (sha256:\w+)/.exec(planned.stdout)?.[1];
  assert.ok(set !== undefined, planned.stderr);
  const run = ["run", "alone.yaml", "--accept", set];
  for (const name of ["SLUICE_TEST_SECRET", "SLUICE_TOKEN_KEY", "INIT_CWD"]) {
    const { ended } = startSluice(run, { cwd, before: withBytes(name) });
    const { code, stdout, stderr } = await ended;
    assert.ok([2, 7].includes(code), `${name}: ${code}\n${stderr}`);
    assert.match(stderr, new RegExp(`the variable ${name} holds no UTF-8 text`));
    assert.doesNotMatch(stdout + stderr, /kept-to-itself/);
  }
  const logged = startSluice([...run, "--tokens", "agent-log"], {
    cwd,
    before: withBytes("AGENT_APP_ID"),
  });
  const { code, stderr } = await logged.ended;
  assert.equal(code, 2);
  assert.match(stderr, /^sluice: the variable AGENT_APP_ID holds no UTF-8 text\n/);
});
