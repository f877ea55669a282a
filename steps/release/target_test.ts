// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=/usr/bin/ln
import assert from "node:assert/strict";
import * as v from "valibot";
import { makeRoot } from "../../tests/conformance/release_root.ts";
import { markBad } from "./bad_release.ts";
import { layout } from "./layout.ts";
import { goodBundle, writeRawBundle } from "./raw_bundle.ts";
import { stageRelease } from "./stage.ts";
import { rollbackTarget } from "./target.ts";
import { makeKey, testContext } from "./test_bed.ts";
import { verifyRelease } from "./verify_release.ts";

/** Real releases of these versions, the last one current; all of them passed their gate. */
async function world(versions: readonly string[], good = versions) {
  const dir = await Deno.makeTempDir();
  const root = `${dir}/root`;
  const params = { root, bundle: `${dir}/bundle`, trust: `${dir}/trust`, metadata_sha256: "" };
  const { key } = await makeKey(params.trust, "release");
  await makeRoot(root, { versions: [], current: versions.at(-1)!, good });
  const { run: permissions } = stageRelease.permissions(params);
  for (const version of versions) {
    const metadata = { version };
    await writeRawBundle(params.bundle, { ...goodBundle(), metadata }, key);
    await stageRelease.run(params, testContext({ permissions }));
  }
  const at = layout(root);
  return {
    root,
    at,
    choose: async (input: { to?: string; left?: string } = {}) => {
      const ctx = testContext();
      const { release } = await rollbackTarget.run({ root, to: "", left: "", ...input }, ctx);
      return release;
    },
    markBad: async (version: string) => {
      const { metadata_sha256 } = await verifyRelease(
        at.release(version),
        AbortSignal.timeout(5000),
      );
      await markBad(root, {
        version,
        metadata_sha256,
        reason: "sick",
        time: "2025-01-01T00:00:00Z",
      });
    },
  };
}

const exit = (code: number, why: RegExp) => (error: { exit: number; message: string }) => {
  assert.match(error.message, why);
  assert.equal(error.exit, code);
  return true;
};

Deno.test("release.target takes the good release that passed last before the installed one", async () => {
  const { choose } = await world(["1.0.0", "2.0.0", "3.0.0"]);
  assert.equal(await choose(), "2.0.0");
  assert.equal(await choose({ to: "1.0.0" }), "1.0.0");
});

Deno.test("release.target asked again goes further back, never forward", async () => {
  const { choose } = await world(["1.0.0", "3.0.0", "2.0.0"]);
  assert.equal(await choose(), "1.0.0");
  assert.equal(await choose({ to: "3.0.0" }), "3.0.0");
});

Deno.test("release.target goes to the last good one when a killed run left another current", async () => {
  const { choose } = await world(["1.0.0", "2.0.0"]);
  assert.equal(await choose({ left: "3.0.0" }), "2.0.0");
});

Deno.test("release.target passes over what is marked bad, below the floor, or gone", async () => {
  const it = await world(["1.0.0", "1.1.0", "1.2.0", "2.0.0"]);
  await it.markBad("1.2.0");
  assert.equal(await it.choose(), "1.1.0");
  await Deno.rename(it.at.release("1.1.0"), `${it.root}/moved`);
  assert.equal(await it.choose(), "1.0.0");
  await Deno.writeTextFile(it.at.floor, "1.1.0\n");
  await assert.rejects(it.choose(), exit(4, /no release that passed its health gate is left/));
});

Deno.test("release.target refuses by name what is marked bad or below the floor", async () => {
  const it = await world(["1.0.0", "1.2.0", "2.0.0"]);
  await it.markBad("1.2.0");
  await assert.rejects(it.choose({ to: "1.2.0" }), exit(6, /1\.2\.0 was tried at 2025.* sick/));
  await Deno.writeTextFile(it.at.floor, "1.1.0\n");
  await assert.rejects(it.choose({ to: "1.0.0" }), exit(6, /1\.0\.0 is below the floor 1\.1\.0/));
});

Deno.test("release.target refuses what is not there, is installed, or is not what was signed", async () => {
  const it = await world(["1.0.0", "1.1.0", "2.0.0"]);
  await assert.rejects(it.choose({ to: "9.0.0" }), exit(4, /9\.0\.0 is not under/));
  await assert.rejects(it.choose({ to: "2.0.0" }), exit(2, /is the installed release/));
  const changed = `${it.at.release("1.0.0")}/a`;
  await Deno.chmod(changed, 0o644);
  await Deno.writeTextFile(changed, "alphA");
  await Deno.chmod(changed, 0o444);
  await assert.rejects(it.choose({ to: "1.0.0" }), exit(2, /"a" changed/));
  await Deno.rename(it.at.release("1.1.0"), it.at.release("1.5.0"));
  await assert.rejects(it.choose({ to: "1.5.0" }), exit(2, /1\.5\.0 is not what .* it is 1\.1\.0/));
});

Deno.test("release.target takes a version for to, not a path", () => {
  const of = (to: string) => v.safeParse(rollbackTarget.params, { root: "/opt/atp", to }).success;
  assert.ok(of("") && of("1.0.0"));
  for (const to of ["../x", "..", "../releases/1.0.0", "a/b", "1.0.0.staging"]) {
    assert.ok(!of(to), to);
  }
});
