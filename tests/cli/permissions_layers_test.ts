// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>
import assert from "node:assert/strict";
import { copyProject } from "./copy_project.ts";
import { startSluice } from "./start_sluice.ts";

const project = decodeURIComponent(new URL("../..", import.meta.url).pathname).replace(/\/$/, "");

async function rendered(...args: readonly string[]): Promise<string> {
  const asked = startSluice(["permissions", "appliance-watch", "--as", ...args], { cwd: project });
  const { code, stdout, stderr } = await asked.ended;
  assert.equal(code, 0, stderr);
  return stdout;
}

Deno.test("sluice permissions --as systemd fits the kit that the unit starts", async () => {
  const unit = await rendered("systemd");
  assert.match(unit, /^ExecStart=.*\/usr\/lib\/sluice\/appliance-watch\/start$/m);
  assert.match(unit, /^DynamicUser=yes$/m);
  assert.match(unit, /^StateDirectory=sluice\/appliance-watch$/m);
  assert.ok(!unit.includes(project), unit);
  assert.match(
    unit,
    /\n# What this unit cannot say:\n# - IPAddressAllow knows no ports: .*7443\n$/,
  );
  const elsewhere = await rendered("systemd", "--runs", "/srv/runs");
  assert.match(elsewhere, /^BindPaths=\/srv\/runs$/m);
});

Deno.test("sluice permissions --as systemd gives the unit of a kit that has its launcher", async () => {
  const ask = (...args: string[]) => startSluice(args, { cwd: project }).ended;
  const folder = await Deno.makeTempDir();
  const made = await ask("compile", "par", "--output", `${folder}/par`);
  assert.equal(made.code, 0, made.stderr);
  const unit = await ask("permissions", "par", "--as", "systemd");
  assert.equal(unit.stdout, await Deno.readTextFile(`${folder}/par/sluice-par.service`));
  assert.match(unit.stdout, /^ExecStart=\/usr\/lib\/sluice\/par\/start$/m);
  assert.match(unit.stdout, /^# It has to hold AGENT_APP_ID;\n# it may hold A2A_PORT, .*/m);
  assert.match(unit.stdout, /[ ,]PACKAGE_URL,/);
  assert.match(unit.stdout, /^# Longer than GRACEFUL_SHUTDOWN_TIMEOUT_SEC \(30 by default\)/m);
  assert.ok(!unit.stdout.includes(Deno.env.get("TMPDIR")!), unit.stdout);
  assert.match(unit.stderr, /^systemd does not say: every address but the metadata's/m);
  const strict = await ask("permissions", "par", "--as", "systemd", "--strict");
  assert.equal(strict.code, 7);
});

Deno.test("sluice permissions --as systemd refuses a surface with nothing that stays up", async () => {
  const asked = startSluice(["permissions", "upgrade", "--as", "systemd"], { cwd: project });
  const { code, stdout, stderr } = await asked.ended;
  assert.deepEqual([code, stdout], [64, ""]);
  assert.match(stderr, /sluice install upgrade --pipeline FILE --params FILE makes a unit/);
});

Deno.test("sluice permissions --as networkpolicy mounts what the kit writes", async () => {
  const pod = await rendered("networkpolicy");
  assert.match(pod, /mountPath: \/var\/lib\/sluice\/appliance-watch$/m);
  assert.ok(!pod.includes(project), pod);
  assert.match(pod, /\n# What this policy cannot say:\n# - a NetworkPolicy does not see /);
});

Deno.test("sluice permissions --as deno keeps its runs where the user stands", async () => {
  assert.ok((await rendered("deno")).includes(`--allow-write=${project}/.sluice/runs`));
});

Deno.test("what sluice permissions --as deno says to add starts the runner", async () => {
  const copy = await copyProject();
  const surfaces = (await copy.read("pipelines/surfaces.yaml")).replace(
    "surfaces:\n",
    "surfaces:\n  mine: { kind: fixed, pipeline: pipelines/mine.yaml }\n",
  );
  await copy.write("pipelines/surfaces.yaml", surfaces);
  await copy.write(
    "pipelines/mine.yaml",
    `sluice: v1
name: mine
steps:
  - id: ask
    uses: http.probe
    with: { url: "http://127.0.0.1:1/", deadline: 1s }
`,
  );
  const sluice = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await copy.sluice(args);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  await sluice("lock");
  const [make, write, add, ...rest] = (await sluice("permissions", "mine", "--as", "deno"))
    .split("\n");
  const plan = `${copy.folder}/.sluice/mine.plan.json`;
  assert.equal(add, `# Add to the end: --plan ${plan} --runs ${copy.folder}/.sluice/runs`);
  const [, asked, file] = /^# The plan is written by: sluice (.*) > (.*)$/.exec(write!)!;
  assert.equal(make, `# First: mkdir -p ${copy.folder}/.sluice/runs`);
  await Deno.mkdir(make!.replace(/^# First: mkdir -p /, ""), { recursive: true });
  assert.equal(file, plan);
  await Deno.writeTextFile(plan, await sluice(...asked!.split(" ")));

  const words = rest.join(" ").replaceAll("\\ ", " ").trim().split(/ +/);
  const begin = words.indexOf(Deno.execPath()) + 1;
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...words.slice(begin), ...add!.replace(/^# Add to the end: /, "").split(" ")],
    cwd: copy.folder,
    stdin: "null",
  }).output();
  const said = new TextDecoder().decode(stderr);
  assert.match(said, /connection refused/);
  assert.equal(code, 4, said);
});
