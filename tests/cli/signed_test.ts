// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>,/bin/sh,/usr/bin/ln --allow-net=127.0.0.1
import assert from "node:assert/strict";
import { killRunner } from "./kill_processes.ts";
import { sluice, startSluice } from "./start_sluice.ts";
import { serve, type ToldService } from "./told_service.ts";
import { writeKey } from "./write_key.ts";

const fixtures = new URL("../fixtures/trust/", import.meta.url);

/** A pipeline that takes a lock, and includes one that does the rest. */
const main = `sluice: v1
name: signed
summary: Take a lock and do the rest
params:
  root: { type: path }
  wait: { type: duration, default: 60s }
steps:
  - id: A0-1
    uses: release.lock
    with: { root: "\${{ params.root }}" }
  - id: rest
    uses: pipeline
    file: common/rest.yaml
    params: { root: "\${{ params.root }}", wait: "\${{ params.wait }}" }
`;

const rest = (url: string) =>
  `sluice: v1
name: rest
params:
  root: { type: path }
  wait: { type: duration }
steps:
  - id: probe
    uses: http.probe
    with: { url: "${url}", deadline: "\${{ params.wait }}" }
`;

interface World {
  readonly cwd: string;
  readonly url: string;
  readonly service: ToldService;
  stop(): Promise<void>;
}

/** A folder with a pipeline, a key, a folder of trusted keys, and a service that is probed. */
async function world(): Promise<World> {
  const cwd = await Deno.realPath(await Deno.makeTempDir());
  const service = serve("ok");
  const { url, stop } = service;
  await Deno.mkdir(`${cwd}/pipes/common`, { recursive: true });
  await Deno.writeTextFile(`${cwd}/pipes/main.yaml`, main);
  await Deno.writeTextFile(`${cwd}/pipes/common/rest.yaml`, rest(url));
  await Deno.mkdir(`${cwd}/keys`);
  await writeKey(`${cwd}/release.key`, `${cwd}/keys/release.pub`);
  return { cwd, url, service, stop };
}

const signArgs = ["sign", "pipes/main.yaml", "--key", "file:release.key"];
const runArgs = ["run", "pipes/main.yaml", "--param", "root=root"];
const required = ["--require-signature", "keys"];

async function succeeds(args: readonly string[], cwd: string) {
  const ended = await sluice(args, { cwd });
  assert.equal(ended.code, 0, ended.stderr);
  return ended;
}

async function runsOf(cwd: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(`${cwd}/.sluice/runs`)).catch(() => []);
  return entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
}

/** Asserts that it ends with 6 for this reason, and that nothing was begun. */
async function refuses(args: readonly string[], cwd: string, message: RegExp): Promise<void> {
  const before = await runsOf(cwd);
  const { code, stdout, stderr } = await sluice(args, { cwd });
  assert.equal(code, 6, stderr);
  assert.match(stderr, message);
  assert.equal(stdout, "");
  assert.deepEqual(await runsOf(cwd), before);
}

Deno.test("a signed pipeline is planned and run as it was signed", async () => {
  const { cwd, stop } = await world();
  const said = await succeeds(signArgs, cwd);
  assert.match(said.stderr, /signed .*main\.yaml\n {2}signature .*main\.yaml\.sig\.json\n {2}key /);
  const signature = `${cwd}/pipes/main.yaml.sig.json`;
  const first = await Deno.readTextFile(signature);
  await succeeds(signArgs, cwd);
  assert.equal(await Deno.readTextFile(signature), first, "the same files, the same signature");
  const planned = await succeeds(["plan", ...runArgs.slice(1), ...required], cwd);
  assert.match(planned.stdout, /rest\.probe +http\.probe/);
  const ran = await succeeds([...runArgs, ...required], cwd);
  assert.match(ran.stdout, /APPLIANCE_STEP:rest\.probe:OK/);
  assert.equal((await runsOf(cwd)).length, 1);
  await stop();
});

Deno.test("what is not as it was signed does not run", async () => {
  const { cwd, url, stop } = await world();
  const args = [...runArgs, ...required];
  await refuses(args, cwd, /it is not signed: there is no .*main\.yaml\.sig\.json/);
  await succeeds(signArgs, cwd);

  const swap = async (path: string, text: string, message: RegExp) => {
    const before = await Deno.readTextFile(`${cwd}/${path}`);
    await Deno.writeTextFile(`${cwd}/${path}`, text);
    for (const command of ["run", "plan"]) {
      await refuses([command, ...args.slice(1)], cwd, message);
    }
    await Deno.writeTextFile(`${cwd}/${path}`, before);
  };
  await swap("pipes/main.yaml", `${main}# more\n`, /the text main\.yaml\n {4}signed {2}sha256:/);
  await swap(
    "pipes/common/rest.yaml",
    rest(url).replace("probe\n", "other\n"),
    /the text common\/rest\.yaml\n {4}signed {2}sha256:[0-9a-f]{64}\n {4}here {4}sha256:/,
  );
  // An include that was never signed: the text that names it is another one, too.
  await Deno.writeTextFile(`${cwd}/pipes/common/more.yaml`, rest(url));
  await swap(
    "pipes/main.yaml",
    main.replace("common/rest.yaml", "common/more.yaml"),
    /the text main\.yaml/,
  );

  await refuses([...runArgs, "--accept", `sha256:${"0".repeat(64)}`, ...required], cwd, /--accept/);
  await refuses(["run", "--plan", "plan.json", ...required], cwd, /a plan .* has no signature/);
  const ln = ["-s", "--", `${cwd}/pipes/main.yaml`, `${cwd}/pipes/link.yaml`];
  await new Deno.Command("/usr/bin/ln", { args: ln, clearEnv: true }).output();
  await refuses(
    ["run", "pipes/link.yaml", ...args.slice(2)],
    cwd,
    /it leads through a link to .*main\.yaml/,
  );

  await Deno.mkdir(`${cwd}/others`);
  await writeKey(`${cwd}/other.key`, `${cwd}/others/other.pub`);
  const other = ["--require-signature", "others"];
  await refuses([...runArgs, ...other], cwd, /no trusted key signed it: .*; trusted are other /);
  await refuses([...runArgs, "--require-signature", "none"], cwd, /there is no key and no folder/);
  await succeeds(args, cwd);
  await stop();
});

Deno.test("a signature is valid until it ends, and none is made that has ended", async () => {
  const { cwd, stop } = await world();
  const mistyped = await sluice([...signArgs, "--expires", "2020-01-01T00:00:00Z"], { cwd });
  assert.equal(mistyped.code, 64, mistyped.stderr);
  assert.match(mistyped.stderr, /--expires "2020-01-01T00:00:00Z" is past/);
  await refuses([...runArgs, ...required], cwd, /it is not signed/);
  await succeeds([...signArgs, "--expires", "2999-01-01T00:00:00Z"], cwd);
  await succeeds([...runArgs, ...required], cwd);
  await stop();
});

Deno.test("a signature that lies elsewhere does not count, says so, and can be verified", async () => {
  const { cwd, stop } = await world();
  const verify = ["verify", "pipes/main.yaml", "--keys", "keys"];
  const first = await succeeds([...signArgs, "--output", "new.json"], cwd);
  assert.match(first.stderr, /looked for at \S+main\.yaml\.sig\.json: put it there/);
  await refuses([...runArgs, ...required], cwd, /it is not signed/);
  await succeeds([...verify, "--signature", "new.json"], cwd);
  // The advice, word for word.
  const advised = /sluice (verify .*) --keys KEYS\n/.exec(first.stderr)![1]!.split(" ");
  await succeeds([...advised, "--keys", "keys"], cwd);

  await succeeds(signArgs, cwd);
  await Deno.writeTextFile(`${cwd}/pipes/main.yaml`, `${main}# approved\n`);
  const again = await succeeds([...signArgs, "--output", "new.json"], cwd);
  assert.match(again.stderr, /main\.yaml\.sig\.json; one that was made before is there now:/);
  assert.equal((await sluice(verify, { cwd })).code, 6);
  await succeeds([...verify, "--signature", "new.json"], cwd);
  await Deno.rename(`${cwd}/new.json`, `${cwd}/pipes/main.yaml.sig.json`);
  await succeeds(verify, cwd);
  await stop();
});

Deno.test("sluice verify takes a surface, as sluice sign does", async () => {
  const { cwd, stop } = await world();
  const verify = (target: string) => sluice(["verify", target, "--keys", "keys"], { cwd });
  const one = await verify("appliance-watch");
  assert.equal(one.code, 6, one.stderr);
  assert.match(one.stderr, /pipelines\/appliance\/watch\.yaml.*\n?.*it is not signed/);
  const several = await verify("upgrade");
  assert.equal(several.code, 64, several.stderr);
  assert.match(several.stderr, /verify each: \/\S+\/pipelines\/upgrade\/bundle\.yaml, /);
  const none = await verify("nothing");
  assert.equal(none.code, 2, none.stderr);
  assert.match(none.stderr, /"nothing" is neither a file nor a surface/);
  await stop();
});

/** Runs it until the service is asked, then kills the runner. */
async function killedRun({ cwd, service }: World, more: readonly string[]): Promise<string> {
  service.seen.status = "starting";
  const running = startSluice([...runArgs, ...more], { cwd });
  await service.untilAsked(running);
  await killRunner(cwd);
  assert.equal((await running.ended).code, 70);
  service.seen.status = "ok";
  return (await runsOf(cwd))[0]!;
}

Deno.test("a signed run is gone on with and undone by what was signed, whatever its folder says", async () => {
  const it = await world();
  const { cwd, url, stop } = it;
  await succeeds(signArgs, cwd);
  const run = await killedRun(it, required);
  const folder = `${cwd}/.sluice/runs/${run}`;
  const plan = await Deno.readTextFile(`${folder}/plan.json`);

  // A plan of the same file, sound in itself, that is not what the signed text says.
  await Deno.writeTextFile(`${cwd}/pipes/common/rest.yaml`, rest(`${url}other`));
  const forged = await succeeds(["plan", ...runArgs.slice(1), "--format", "json"], cwd);
  await refuses(["resume", run, ...required], cwd, /the text common\/rest\.yaml/);
  await Deno.writeTextFile(`${cwd}/pipes/common/rest.yaml`, rest(url));
  await Deno.writeTextFile(`${folder}/plan.json`, forged.stdout);
  for (const command of ["resume", "undo"]) {
    await refuses(
      [command, run, ...required],
      cwd,
      /the plan of run .* is not that of .*main\.yaml/,
    );
  }
  // What the signed text says, too, with other values than those that it was begun with.
  const elsewhere = runArgs.with(-1, "root=elsewhere").slice(1);
  const moved = await succeeds(["plan", ...elsewhere, "--format", "json"], cwd);
  await Deno.writeTextFile(`${folder}/plan.json`, moved.stdout);
  const permissions = await Deno.readTextFile(`${folder}/permissions.json`);
  const forgedSet = permissions.replaceAll(`${cwd}/root`, `${cwd}/elsewhere`);
  await Deno.writeTextFile(`${folder}/permissions.json`, forgedSet);
  await refuses(["undo", run, ...required], cwd, /the plan of run .* is not the one that it began/);
  const unsigned = await sluice(["undo", run], { cwd });
  assert.equal(unsigned.code, 7, unsigned.stderr);
  await Deno.writeTextFile(`${folder}/permissions.json`, permissions);
  // One that says it came from nowhere.
  await Deno.writeTextFile(`${folder}/plan.json`, plan.replaceAll(`${cwd}/pipes/main.yaml`, "x"));
  await refuses(["resume", run, ...required], cwd, /was begun with a plan of no pipeline/);

  await Deno.writeTextFile(`${folder}/plan.json`, plan);
  const record = `${folder}.launches.jsonl`;
  const recorded = await Deno.readTextFile(record);
  assert.equal(JSON.parse(recorded).signed.name, "release");
  await Deno.remove(record);
  await refuses(["resume", run, ...required], cwd, /nobody recorded what run .* began with/);
  await Deno.writeTextFile(record, recorded);
  const resumed = await succeeds(["resume", run, ...required], cwd);
  assert.match(resumed.stdout, /APPLIANCE_STEP:rest\.probe:OK/);
  await stop();
});

Deno.test("a signature covers the code of steps of others, and a change of it is refused", async () => {
  const { cwd, stop } = await world();
  const step = await Deno.readTextFile(
    new URL("../fixtures/foreign/count_lines.ts", import.meta.url),
  );
  await Deno.writeTextFile(`${cwd}/pipes/common/count.ts`, step);
  await Deno.writeTextFile(
    `${cwd}/pipes/common/rest.yaml`,
    `sluice: v1
name: rest
params: { root: { type: path }, wait: { type: duration } }
steps:
  - id: count
    uses: ./count.ts
    with: { file: "\${{ params.root }}/hosts" }
`,
  );
  await succeeds(signArgs, cwd);
  const { statement } = JSON.parse(
    (await succeeds(["verify", "pipes/main.yaml", "--keys", "keys", "--format", "json"], cwd))
      .stdout,
  );
  assert.deepEqual(Object.keys(statement.files), ["common/rest.yaml", "main.yaml"]);
  assert.deepEqual(Object.keys(statement.steps), ["common/count.ts"]);
  const planArgs = ["plan", ...runArgs.slice(1), ...required];
  const planned = await succeeds(planArgs, cwd);
  assert.ok(planned.stdout.includes(statement.steps["common/count.ts"]), planned.stdout);
  // The new version of a plugin: it may ask for more, or for the same and do another thing with it.
  await Deno.writeTextFile(`${cwd}/pipes/common/count.ts`, `${step}\n// 1.1`);
  for (const command of ["plan", "run"]) {
    await refuses([command, ...planArgs.slice(1)], cwd, /the step of others common\/count\.ts/);
  }
  await stop();
});

Deno.test("an auditor with the public key alone is told what was signed", async () => {
  const { cwd, stop } = await world();
  await succeeds(signArgs, cwd);
  const args = ["verify", "pipes/main.yaml", "--keys", "keys/release.pub"];
  const text = await succeeds(args, cwd);
  assert.match(text.stdout, /^pipes\/main\.yaml is as it was signed\n {2}signed by +release, key /);
  assert.match(text.stdout, /texts +common\/rest\.yaml, main\.yaml\n/);
  const json = JSON.parse((await succeeds([...args, "--format", "json"], cwd)).stdout);
  assert.equal(json.schemaVersion, 1);
  assert.equal(json.ok, true);
  assert.deepEqual(Object.keys(json.statement.lock), ["ad_hoc"]);
  const print = [...signArgs.slice(0, 2), "--print"];
  const printed = JSON.parse((await succeeds(print, cwd)).stdout);
  const toFull = ["/bin/sh", "-c", 'exec "$@" >/dev/full', "sh"] as const;
  const unheard = await startSluice(print, { cwd, before: toFull }).ended;
  assert.equal(unheard.code, 4, unheard.stderr);
  assert.deepEqual(printed, json.statement);

  await Deno.writeTextFile(`${cwd}/pipes/common/rest.yaml`, "x");
  const changed = await sluice([...args, "--format", "json"], { cwd });
  assert.equal(changed.code, 6);
  const [fault] = JSON.parse(changed.stdout).faults;
  assert.deepEqual([fault.part, fault.name], ["files", "common/rest.yaml"]);
  await stop();
});

Deno.test("sluice sign takes keys of cosign and from variables, and repeats no secret", async () => {
  const { cwd, stop } = await world();
  const pem = await Deno.readTextFile(new URL("cosign.key", fixtures));
  await Deno.copyFile(new URL("cosign.pub", fixtures), `${cwd}/keys/cosign.pub`);
  const args = ["sign", "pipes/main.yaml", "--key", "env:KEY"];
  const env = { KEY: pem, COSIGN_PASSWORD: "correct horse" };
  const good = await sluice(args, { cwd, env });
  assert.equal(good.code, 0, good.stderr);
  await succeeds([...runArgs, ...required], cwd);

  const bad: readonly [readonly string[], Record<string, string>, number, RegExp][] = [
    [args, { KEY: pem, COSIGN_PASSWORD: "wrong horse" }, 6, /does not open the signing key/],
    [args, { KEY: pem }, 2, /the secret env:COSIGN_PASSWORD is missing/],
    [args, {}, 2, /the secret env:KEY is missing/],
    [args, { KEY: "wrong horse" }, 2, /the signing key cannot be read/],
    [[...args.slice(0, 3), "wrong horse"], {}, 64, /--key is neither file:PATH nor env:NAME/],
    [args.slice(0, 2), {}, 64, /--key is missing/],
    [["sign", "nothing", ...args.slice(2)], env, 2, /neither a file nor a surface/],
    [[...args, "--expires", "tomorrow"], env, 64, /--expires "tomorrow" is no time/],
  ];
  for (const [line, variables, code, message] of bad) {
    const ended = await sluice(line, { cwd, env: variables });
    assert.equal(ended.code, code, ended.stderr);
    assert.match(ended.stderr, message);
    assert.doesNotMatch(ended.stdout + ended.stderr, /horse|MHcCAQ|PRIVATE KEY-----/);
  }
  await Deno.writeTextFile(`${cwd}/pipes/main.yaml`, main.replace("release.lock", "release.lokc"));
  const faulty = await sluice(args, { cwd, env });
  assert.equal(faulty.code, 2);
  assert.match(faulty.stderr, /there is no step "release\.lokc"/);
  await stop();
});
