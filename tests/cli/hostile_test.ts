// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>,/bin/sh
import assert from "node:assert/strict";
import { sluice } from "./start_sluice.ts";

const project = decodeURIComponent(new URL("../..", import.meta.url).pathname).replace(/\/$/, "");

const pipeline = `sluice: v1
name: look
steps:
  - { id: up, uses: http.probe, with: { url: "http://127.0.0.1:1/", deadline: 1s } }
`;

async function shell(script: string, cwd: string): Promise<number> {
  const { code } = await new Deno.Command("/bin/sh", {
    args: ["-c", script, "sh", Deno.execPath(), `${project}/runtime/launch/main.ts`],
    cwd: project,
    env: { INIT_CWD: cwd },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
  return code;
}

async function folder(): Promise<string> {
  return await Deno.realPath(await Deno.makeTempDir());
}

Deno.test("sluice check does not wait for a pipe that is included", async () => {
  const cwd = await folder();
  assert.equal(await shell(`mkfifo ${cwd}/pipe.yaml`, cwd), 0);
  const text = "sluice: v1\nname: x\nsteps:\n  - { id: a, uses: pipeline, file: pipe.yaml }\n";
  await Deno.writeTextFile(`${cwd}/x.yaml`, text);
  const { code, stderr } = await sluice(["check", "x.yaml"], { cwd });
  assert.equal(code, 2);
  assert.match(stderr, /pipe\.yaml cannot be read: it is no regular file/);
});

Deno.test("sluice check does not read a file without end", async () => {
  const cwd = await folder();
  using file = await Deno.open(`${cwd}/x.yaml`, { write: true, create: true });
  await file.truncate(2 ** 34);
  const { code, stderr } = await sluice(["check", "x.yaml"], { cwd });
  assert.equal(code, 2);
  assert.match(stderr, /has 17179869184 bytes; at most 4194304 are read/);
});

Deno.test("sluice check tells a mistyped name from one that may not be read", async () => {
  const cwd = await folder();
  await Deno.writeTextFile(`${cwd}/apply.yaml`, pipeline);
  const { code, stderr } = await sluice(["check", "aply.yaml"], { cwd });
  assert.equal(code, 2);
  assert.match(stderr, /"aply\.yaml" does not exist\n.*did you mean "apply\.yaml"\?/);
});

Deno.test("the exit code is the same where standard error cannot be written", async () => {
  const cwd = await folder();
  await Deno.writeTextFile(`${cwd}/good.yaml`, pipeline);
  const check = (file: string) =>
    shell(`"$1" run -q --no-prompt -R -E "--allow-run=$1" "$2" check ${file} 2>/dev/full`, cwd);
  assert.equal(await check("good.yaml"), 0);
  assert.equal(await check("missing.yaml"), 2);
});

Deno.test("half a plan on a full disk is a failure", async () => {
  const cwd = await folder();
  await Deno.writeTextFile(`${cwd}/good.yaml`, pipeline);
  const plan = (to: string) =>
    shell(`"$1" run -q --no-prompt -R -E "--allow-run=$1" "$2" plan good.yaml >${to}`, cwd);
  assert.equal(await plan("/dev/full"), 4);
  assert.equal(await plan(`${cwd}/plan.txt`), 0);
});

Deno.test("a planner that is killed ends as a failure that says so", async () => {
  const cwd = await folder();
  await Deno.writeTextFile(`${cwd}/good.yaml`, pipeline);
  const code = await shell(
    `"$1" run -q --no-prompt -R -E "--allow-run=$1" "$2" check good.yaml 2>${cwd}/err & launcher=$!
    child=
    while [ -z "$child" ]; do
      read -r child rest </proc/$launcher/task/$launcher/children || [ -d /proc/$launcher ] || exit 99
    done
    kill -KILL $child; wait $launcher`,
    cwd,
  );
  assert.equal(code, 4);
  assert.match(
    await Deno.readTextFile(`${cwd}/err`),
    /: the planner was ended by SIGKILL\n {2}help/,
  );
});
