// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>
/**
 * What a run grant is. Programs come first in every view and live in a box, because they leave the
 * sandbox; `engine/execute/exec.ts` gives each an environment of its own; the launcher finds them in
 * system folders only (`find_programs.ts`), refuses a process that may write above one
 * (`refuse_escapes.ts`), passes on few variables (`child_environment.ts`), and the tasks of deno.json
 * name Deno by its real path.
 *
 * @module
 */
import assert from "node:assert/strict";
import { cachedOnly, deno, folder, probe, run, script } from "./probe.ts";
import { saidAfterKill } from "./said_after_kill.ts";

async function program(path: string, text: string): Promise<void> {
  await Deno.writeTextFile(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

Deno.test("a program is outside the sandbox", async () => {
  assert.deepEqual(
    await probe(
      `return [await read("/etc/passwd"), await start("/bin/cat", ["/etc/passwd"])];`,
      { flags: ["--allow-run=/bin/cat"] },
    ),
    ["NotCapable", "works"],
  );
});

Deno.test("a grant on a shell runs what its variables name; the loader's variables are refused", async () => {
  const dir = await folder();
  await Deno.writeTextFile(`${dir}/env`, `echo run > ${dir}/ran`);
  assert.deepEqual(
    await probe(
      `return [
         await start("/bin/bash", ["-c", "true"], { clearEnv: true, env: { BASH_ENV: dir + "/env" } }),
         await start("/bin/bash", ["-c", "true"], { clearEnv: true, env: { LD_PRELOAD: dir + "/x" } }),
       ];`,
      { flags: ["--allow-run=/bin/bash"], given: { dir } },
    ),
    ["works", "NotCapable"],
  );
  assert.equal(await Deno.readTextFile(`${dir}/ran`), "run\n");
});

Deno.test("a run grant is a spelling: another one of the same program is refused", async () => {
  const dir = await folder();
  await program(`${dir}/p`, "exit 0");
  assert.deepEqual(
    await probe(
      `await new Deno.Command("/usr/bin/ln", { args: ["-s", dir + "/p", dir + "/link"] }).output();
       return [await start(dir + "/p"), await start(dir + "/link")];`,
      { flags: [`--allow-run=/usr/bin/ln,${dir}/link`], given: { dir } },
    ),
    ["NotCapable", "works"],
  );
});

Deno.test("a program that is not there yet may be granted", async () => {
  const dir = await folder();
  assert.deepEqual(
    await probe(
      `const before = await start(dir + "/p");
       await new Deno.Command("/usr/bin/install", { args: ["/usr/bin/true", dir + "/p"] }).output();
       return [before, await start(dir + "/p")];`,
      { flags: [`--allow-run=/usr/bin/install,${dir}/p`], given: { dir } },
    ),
    ["NotFound", "works"],
  );
});

Deno.test("who may write the folder above a program runs what he puts in its place", async () => {
  const dir = await folder();
  await Deno.mkdir(`${dir}/a/bin`, { recursive: true });
  await Deno.mkdir(`${dir}/a/other`);
  await program(`${dir}/a/bin/p`, "exit 1");
  await program(`${dir}/a/other/p`, "exit 0");
  assert.deepEqual(
    await probe(
      `const direct = await write(dir + "/a/bin/p");
       const before = await start(dir + "/a/bin/p");
       await Deno.rename(dir + "/a/bin", dir + "/a/old");
       await Deno.rename(dir + "/a/other", dir + "/a/bin");
       return [direct, before, await start(dir + "/a/bin/p")];`,
      {
        flags: [`--allow-read=${dir}/a`, `--allow-write=${dir}/a`, `--allow-run=${dir}/a/bin/p`],
        given: { dir },
      },
    ),
    ["NotCapable", "Http", "works"],
  );
});

Deno.test("a bare name is looked for through PATH, wherever that leads", async () => {
  const dir = await folder();
  await program(`${dir}/true`, `echo planted > ${dir}/ran`);
  const options = { flags: ["--allow-run=true"], env: { PATH: `${dir}:/usr/bin` } };
  assert.equal(await probe(`return await start("true");`, options), "works");
  assert.equal(await Deno.readTextFile(`${dir}/ran`), "planted\n");
});

/** What the task `t` prints, started in a folder as a user would. */
async function task(cwd: string): Promise<string> {
  const env = { PATH: "/usr/bin:/bin", HOME: await folder() };
  const { stdout, stderr } = await deno(["task", "--quiet", "t"], { cwd, clearEnv: true, env });
  return stdout + stderr;
}

Deno.test("deno task puts node_modules/.bin of every folder above before PATH, beside a package.json", async () => {
  const dir = await folder();
  await Deno.mkdir(`${dir}/node_modules/.bin`, { recursive: true });
  await Deno.mkdir(`${dir}/project`);
  await program(`${dir}/node_modules/.bin/true`, "echo planted");
  await Deno.writeTextFile(`${dir}/project/deno.json`, '{ "tasks": { "t": "env true" } }');
  assert.equal(await task(`${dir}/project`), "");
  await Deno.writeTextFile(`${dir}/project/package.json`, "{}");
  assert.equal(await task(`${dir}/project`), "planted\n");
});

Deno.test("deno task starts in the folder of its deno.json, and says in INIT_CWD where the user was", async () => {
  const dir = await folder();
  await Deno.mkdir(`${dir}/below`);
  await Deno.writeTextFile(`${dir}/deno.json`, '{ "tasks": { "t": "echo $PWD $INIT_CWD" } }');
  assert.equal(await task(`${dir}/below`), `${dir} ${dir}/below\n`);
});

Deno.test("a grant on the name deno is none on the Deno that runs", async () => {
  const dir = await folder();
  await program(`${dir}/deno`, "exit 0");
  const code = `return [await start("deno"), await start(Deno.execPath(), ["--version"])];`;
  const options = { flags: ["--allow-run=deno"], env: { PATH: dir } };
  assert.deepEqual(await probe(code, options), ["works", "NotCapable"]);
});

Deno.test("a program inherits every variable, unless the environment is cleared", async () => {
  assert.deepEqual(
    await probe(
      `const of = async (options) => {
         const { stdout } = await new Deno.Command("/usr/bin/env", options).output();
         return decoder.decode(stdout).includes("PROBE_SECRET");
       };
       return [await tries(() => Deno.env.get("PROBE_SECRET")), await of({}), await of({ clearEnv: true })];`,
      { flags: ["--allow-run=/usr/bin/env"], env: { PROBE_SECRET: "1" } },
    ),
    ["NotCapable", true, false],
  );
});

Deno.test("a Deno with a cleared environment finds its cache only where HOME or DENO_DIR say", async () => {
  const path = await script(`return typeof (await import("valibot")).string;`);
  const empty = await folder();
  const ended = async (env: Record<string, string>) =>
    (await run(path, { flags: cachedOnly, clearEnv: true, env })).code;
  assert.notEqual(await ended({ HOME: empty }), 0);
  const { stdout } = await deno(["info", "--json"]);
  assert.equal(await ended({ HOME: empty, DENO_DIR: JSON.parse(stdout).denoDir }), 0);
});

Deno.test("a program outlives a Deno that is killed, but not through setpriv --pdeathsig", async () => {
  assert.equal(await saidAfterKill([]), "begun\nalive\n");
  assert.equal(await saidAfterKill(["/usr/bin/setpriv", "--pdeathsig", "KILL"]), "begun\n");
});
