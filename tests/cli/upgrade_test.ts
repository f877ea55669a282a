// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>,/usr/bin/ln
/**
 * How the shipped pipelines end: their exit codes, and what the audit log says then.
 *
 * @module
 */
import assert from "node:assert/strict";
import { goodBundle, writeRawBundle } from "../../steps/release/raw_bundle.ts";
import { makeKey } from "../../steps/release/test_bed.ts";
import { sluice } from "./start_sluice.ts";

const project = decodeURIComponent(new URL("../..", import.meta.url).pathname).replace(/\/$/, "");

/** Nobody listens there: port 1 is reserved. */
const nobody = "http://127.0.0.1:1/healthz";

/** An installation without a service, whose releases are good as soon as they are current. */
async function world() {
  const dir = await Deno.realPath(await Deno.makeTempDir());
  const { key } = await makeKey(`${dir}/trust`, "release");
  const root = `${dir}/root`;
  // Beside the runs, which no step may write: the folder of a log is written, not the log alone.
  await Deno.mkdir(`${dir}/audit`);
  const run = async (pipeline: string, params: Readonly<Record<string, string>>) => {
    const all = {
      root,
      service: "none",
      health: "none",
      audit: `${dir}/audit/audit.log`,
      ...params,
    };
    const given = Object.entries(all).flatMap(([name, value]) => ["--param", `${name}=${value}`]);
    const file = `${project}/pipelines/upgrade/${pipeline}.yaml`;
    const { code, stdout } = await sluice(["run", file, ...given], { cwd: dir });
    return {
      code,
      failed: [...stdout.matchAll(/^APPLIANCE_STEP:(.+?):FAIL/gm)].map(([, id]) => id),
    };
  };
  return {
    root,
    run,
    async apply(version: string, params: Readonly<Record<string, string>> = {}) {
      const bundle = `${dir}/${version}.tar.zst`;
      await writeRawBundle(bundle, { ...goodBundle(), metadata: { version } }, key);
      return await run("apply", { bundle, trust: `${dir}/trust`, settle: "0s", ...params });
    },
    async audited() {
      const lines = (await Deno.readTextFile(`${dir}/audit/audit.log`)).trimEnd().split("\n");
      const { outcome, to } = JSON.parse(lines.at(-1)!);
      return `${outcome} ${to}`;
    },
    /** What may never be changed by a refusal. */
    async state() {
      const names = async (folder: string) =>
        (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort().join();
      return [
        await Deno.readLink(`${root}/current`),
        await Deno.readTextFile(`${root}/.previous`),
        await names(`${root}/releases`),
      ];
    },
  };
}

Deno.test("upgrade: a refusal ends with its own code, touches nothing, and is audited", async () => {
  const it = await world();
  assert.equal((await it.apply("2.0.0")).code, 0);
  const before = await it.state();
  assert.deepEqual(before, ["releases/2.0.0", "2.0.0\n", "2.0.0"]);

  assert.deepEqual(await it.apply("1.0.0"), { code: 6, failed: ["P5-1"] });
  assert.equal(await it.audited(), "failed 1.0.0");
  assert.deepEqual(await it.apply("3.0.0", { bundle: `${it.root}/.previous` }), {
    code: 2,
    failed: ["P5-1"],
  });
  assert.equal(await it.audited(), "failed null");
  assert.deepEqual(await it.run("rollback", { to: "9.0.0" }), { code: 4, failed: ["P5-1"] });
  assert.equal(await it.audited(), "failed null");
  assert.deepEqual(await it.state(), before);
});

Deno.test("upgrade: 5 needs the proof that the old release is healthy again, else 4", async () => {
  const it = await world();
  const sick = { health: nobody, deadline: "100ms" };
  // Nothing was there to come back to.
  const first = await it.apply("1.0.0", sick);
  assert.deepEqual([first.code, first.failed[0]], [4, "P5-4"]);
  assert.equal((await it.apply("1.0.0", { force: "true" })).code, 0);
  // Nor does the old release answer.
  assert.deepEqual(await it.apply("2.0.0", sick), { code: 4, failed: ["P5-4", "P5-3-guard.undo"] });
  assert.deepEqual(await it.state(), ["releases/1.0.0", "1.0.0\n", "1.0.0"]);
  assert.equal((await it.apply("2.0.0")).code, 6);
});
