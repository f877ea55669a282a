// flags: --allow-read=/ --allow-write=<tmp> --allow-run=<deno>,/usr/bin/ln --allow-net=127.0.0.1 --allow-env=<what Deno needs>
/**
 * The hooks of real signed bundles, run by real upgrades in boxes of their own.
 *
 * @module
 */
import assert from "node:assert/strict";
import { packForTest } from "../../../steps/release/pack_for_test.ts";
import { makeKey, writeTree } from "../../../steps/release/test_bed.ts";
import { processesWith } from "../../cli/processes_with.ts";
import { type Ended, sluice, startSluice } from "../../cli/start_sluice.ts";
import { project } from "../runner_command.ts";

type Params = Readonly<Record<string, string>>;

/** An installation without a service, and bundles whose hooks are these lines of shell. */
async function world() {
  const top = await Deno.realPath(await Deno.makeTempDir());
  // The folder above the log is written, and no step may write among the runs.
  const runs = `${await Deno.realPath(await Deno.makeTempDir())}/runs`;
  const { pem } = await makeKey(`${top}/trust`, "release");
  for (const folder of ["data", "audit"]) await Deno.mkdir(`${top}/${folder}`);
  await Deno.writeTextFile(`${top}/secret`, "hidden-value-17");
  const file = `${project}/pipelines/upgrade/apply.yaml`;
  const args = (bundle: string, params: Params) => {
    const all = {
      bundle,
      root: `${top}/root`,
      trust: `${top}/trust`,
      service: "none",
      health: "none",
      settle: "0s",
      audit: `${top}/audit/audit.log`,
      hooks: "boxed",
      hook_writes: `${top}/data`,
      ...params,
    };
    return [
      ...["run", file, "--runs", runs],
      ...Object.entries(all).flatMap(([k, v]) => ["--param", `${k}=${v}`]),
    ];
  };
  return {
    top,
    runs,
    args,
    async pack(version: string, hook: string): Promise<string> {
      const source = await writeTree(`${top}/sources/${version}`, {
        "LICENSE": "MIT\n",
        "files/VERSION": version,
        "post_install.sh": { run: `#!/bin/sh\n${hook}\n` },
      });
      await packForTest({ source, version, pem, output: `${top}/bundles` });
      return `${top}/bundles/atp-${version}.tar.zst`;
    },
    async apply(bundle: string, params: Params = {}): Promise<Ended> {
      return await sluice(args(bundle, params), { cwd: top });
    },
    current: () => Deno.readLink(`${top}/root/current`).catch(() => undefined),
    async audited(): Promise<Record<string, unknown>> {
      const lines = (await Deno.readTextFile(`${top}/audit/audit.log`)).trimEnd().split("\n");
      return JSON.parse(lines.at(-2)!);
    },
  };
}

Deno.test("a hook in its box writes where it may, reads its release, and is audited", async () => {
  const it = await world();
  const bundle = await it.pack(
    "1.0.0",
    `
    set -eu
    cat "$SLUICE_RELEASE/VERSION" > ${it.top}/data/installed
    echo scratch > /tmp/scratch && cat /tmp/scratch
    pwd >> ${it.top}/data/installed
  `,
  );
  const { code, stderr } = await it.apply(bundle);
  assert.equal(code, 0, stderr);
  assert.equal(
    await Deno.readTextFile(`${it.top}/data/installed`),
    `1.0.0${it.top}/root/releases/1.0.0\n`,
  );
  assert.equal(await it.current(), "releases/1.0.0");
  assert.match(JSON.stringify(await it.audited()), /hooks: boxed/);
});

/** Ways out of a box: each ends with 0 when it leads out. */
const escapes: Readonly<Record<string, (top: string) => string>> = {
  "reads what was not declared": (top) => `cat ${top}/secret`,
  "reads /etc/shadow": () => "cat /etc/shadow",
  "writes what was not declared": (top) => `echo x > ${top}/written`,
  "writes its installation": (top) => `echo x > ${top}/root/current.txt`,
  "rewrites itself": () => 'echo x >> "$SLUICE_RELEASE/post_install.sh"',
  "writes the system's programs": () => "test -w /usr/bin",
  "kills a process": () => `kill -0 ${Deno.pid}`,
  "reads another process's environment": () => `cat /proc/${Deno.pid}/environ`,
  "leaves by the network": (top) => `bash -c "exec 3<>/dev/tcp/127.0.0.1/$(cat ${top}/data/port)"`,
  // In a namespace of its own: without a box, the machine keeps its mounts.
  "mounts": () => "unshare --mount mount -t tmpfs none /mnt",
  "asks the service manager": () => "systemctl list-units",
};

Deno.test("no way leads out of a hook's box, and each one does without it", async () => {
  const it = await world();
  using server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await Deno.writeTextFile(`${it.top}/data/port`, String(server.addr.port));
  const lines = Object.entries(escapes).map(([name, script]) =>
    `if ( ${script(it.top)} ) >/dev/null 2>&1; then echo "${name}" >> ${it.top}/data/out; fi`
  );
  const script = [`: > ${it.top}/data/out`, ...lines, "exit 0"].join("\n");
  const { code, stderr } = await it.apply(await it.pack("1.0.0", script));
  assert.equal(code, 0, stderr);
  assert.equal(await Deno.readTextFile(`${it.top}/data/out`), "");

  // Nothing in the lock covers a hook in no box: somebody has to accept it.
  const unconfined = it.args(await it.pack("2.0.0", script), { hooks: "unconfined" });
  const refused = await sluice(unconfined, { cwd: it.top });
  assert.equal(refused.code, 7, refused.stderr);
  const accept = /--accept sha256:\w+/.exec(refused.stderr)?.[0] ?? "";
  const free = await sluice([...unconfined, ...accept.split(" ")], { cwd: it.top });
  assert.equal(free.code, 0, free.stderr);
  const ways = (await Deno.readTextFile(`${it.top}/data/out`)).trimEnd().split("\n");
  // A machine may refuse the others by itself: they are for root, or for one with systemd.
  for (const name of Object.keys(escapes).slice(0, 2).concat("writes what was not declared")) {
    if (name.includes("shadow") && Deno.uid() !== 0) continue;
    assert.ok(ways.includes(name), `${name}: ${ways}`);
  }
  assert.ok(ways.includes("kills a process") && ways.includes("leaves by the network"), `${ways}`);
  server.close();
});

Deno.test("a hook that fails in its box fails the upgrade, with its last lines, and no secret", async () => {
  const it = await world();
  const bundle = await it.pack("1.0.0", 'echo "token is hidden-value-17"; echo broken >&2; exit 9');
  const { code, stderr, stdout } = await it.apply(bundle, {
    version_header: `X-Token=file:${it.top}/secret`,
    health: "http://127.0.0.1:1/",
  });
  assert.notEqual(code, 0);
  assert.match(stderr, /post_install\.sh of 1\.0\.0 ended with 9: broken/);
  assert.doesNotMatch(stderr + stdout, /hidden-value-17/);
  assert.equal(await it.current(), undefined);
});

Deno.test("a hook that is killed or stopped leaves nothing alive, and the old release", async () => {
  const it = await world();
  assert.equal((await it.apply(await it.pack("1.0.0", "exit 0"))).code, 0);
  // The child ignores what can be ignored, and would go on for ever.
  const mark = `9${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  const bundle = await it.pack(
    "2.0.0",
    `
    trap '' TERM INT HUP
    (trap '' TERM INT HUP; exec sleep ${mark}) &
    echo started
    wait
  `,
  );
  const running = startSluice(it.args(bundle, {}), { cwd: it.top });
  let ended = false;
  void running.ended.then(() => ended = true);
  while (!ended && (await processesWith("sleep", mark)).length === 0);
  running.process.kill("SIGINT");
  const { code, stderr } = await running.ended;
  assert.equal(code, 130, stderr);
  assert.deepEqual(await processesWith("sleep", mark), []);
  assert.equal(await it.current(), "releases/1.0.0");
});

Deno.test("a hook in a box is refused before anything starts where there is no box", async () => {
  const it = await world();
  const bundle = await it.pack("1.0.0", "exit 0");
  const { code, stderr } = await sluice([...it.args(bundle, {}), "--box", "none"], { cwd: it.top });
  assert.equal(code, 7);
  assert.match(stderr, /may start in a box of its own only, and --box none was given/);
  assert.match(stderr, /install bubblewrap/);
  await assert.rejects(Deno.stat(it.runs), Deno.errors.NotFound);
  await assert.rejects(Deno.stat(`${it.top}/root`), Deno.errors.NotFound);
});

Deno.test("a folder that a hook may write has to be there: nothing wider is opened for it", async () => {
  const it = await world();
  const bundle = await it.pack("1.0.0", "exit 0");
  const { code, stderr } = await it.apply(bundle, { hook_writes: `${it.top}/not/there` });
  assert.notEqual(code, 0);
  assert.match(stderr, /mkdir -p .*\/not\/there/);
});
