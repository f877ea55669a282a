// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=/usr/bin/ln --allow-sys=statfs
import assert from "node:assert/strict";
import type { SluiceError } from "../../engine/errors.ts";
import { makeRoot } from "../../tests/conformance/release_root.ts";
import { snapshot } from "../../tests/conformance/snapshot.ts";
import { markBad } from "./bad_release.ts";
import { planRelease } from "./plan.ts";
import { goodBundle, type RawBundle, writeRawBundle } from "./raw_bundle.ts";
import { stageRelease } from "./stage.ts";
import { makeKey, testContext } from "./test_bed.ts";

type Rules = Partial<Parameters<typeof planRelease.run>[0]>;

interface State {
  readonly current?: string;
  readonly good?: readonly string[];
}

/** An installation, and a bundle of 1.0.0, spoiled or not. */
async function world(state: State, spoil: (bundle: RawBundle) => void = () => {}) {
  const dir = await Deno.makeTempDir();
  const root = `${dir}/root`;
  const versions = [...new Set([...state.good ?? [], ...state.current ? [state.current] : []])];
  await makeRoot(root, { versions, ...state });
  const { key } = await makeKey(`${dir}/trust`, "release");
  const bundle = goodBundle();
  spoil(bundle);
  const at = { root, bundle: `${dir}/bundle`, trust: `${dir}/trust` };
  await writeRawBundle(at.bundle, bundle, key);
  const rules = { allow_downgrade: false, force: false, hooks: "refuse", lock: "held" } as const;
  return {
    ...at,
    /** The exit code, 0 where it may be installed; nothing may have been touched. */
    async plan(given: Rules = {}): Promise<number> {
      const before = await snapshot([dir]);
      const judged = planRelease.run({ ...at, ...rules, whole: false, ...given }, testContext());
      const code = await judged.then(() => 0, (error: SluiceError) => error.exit);
      assert.deepEqual(await snapshot([dir]), before);
      return code;
    },
  };
}

Deno.test("release.plan refuses a version below the installed one or the floor, unless allowed", async () => {
  const installed = await world({ current: "2.0.0", good: ["2.0.0"] });
  assert.equal(await installed.plan(), 6);
  assert.equal(await installed.plan({ allow_downgrade: true }), 0);
  const floor = await world({ current: "0.9.0" });
  assert.equal(await floor.plan(), 0);
  await Deno.writeTextFile(`${floor.root}/.floor`, "1.5.0\n");
  assert.equal(await floor.plan(), 6);
  assert.equal(await floor.plan({ allow_downgrade: true }), 0);
});

Deno.test("release.plan is not let through by a floor that cannot be read", async () => {
  const it = await world({ current: "0.9.0" });
  await Deno.writeTextFile(`${it.root}/.floor`, "??\n");
  assert.equal(await it.plan(), 2);
});

Deno.test("release.plan does not count what a killed run left current: apply goes back from it", async () => {
  const it = await world({ current: "2.0.0", good: ["0.9.0"] });
  assert.equal(await it.plan(), 6);
  await Deno.writeTextFile(`${it.root}/.switch.killed`, "0.9.0");
  assert.equal(await it.plan(), 0);
});

Deno.test("release.plan refuses a release that is marked bad, unless forced", async () => {
  const it = await world({ current: "0.9.0" });
  const args = { ...it, allow_downgrade: false, force: false, hooks: "refuse" } as const;
  const input = { ...args, lock: "held", whole: false } as const;
  const { metadata_sha256 } = await planRelease.run(input, testContext());
  const time = "2025-01-01T00:00:00Z";
  await markBad(it.root, { version: "1.0.0", metadata_sha256, reason: "sick", time });
  assert.equal(await it.plan(), 6);
  assert.equal(await it.plan({ force: true }), 0);
});

Deno.test("release.plan refuses a hook, unless it may run unconfined", async () => {
  const it = await world({}, (bundle) => {
    bundle.contents["post_install.sh"] = "#!/bin/sh\n";
    bundle.entries.push({ name: "post_install.sh", content: "#!/bin/sh\n" });
  });
  assert.equal(await it.plan(), 7);
  assert.equal(await it.plan({ hooks: "unconfined" }), 0);
});

Deno.test("release.plan with whole ends as staging would: content, and a version that is in use", async () => {
  const changed = await world(
    {},
    ({ entries }) => void (entries[0] = { name: "files/a", content: "alphA" }),
  );
  assert.equal(await changed.plan(), 0);
  assert.equal(await changed.plan({ whole: true }), 2);
  const inUse = await world({ current: "1.0.0", good: ["1.0.0"] });
  assert.equal(await inUse.plan({ whole: true }), 4);
  const fine = await world({ current: "0.9.0" });
  assert.equal(await fine.plan({ whole: true }), 0);
  const { run: permissions } = stageRelease.permissions(fine);
  await stageRelease.run({ ...fine, metadata_sha256: "" }, testContext({ permissions }));
  assert.equal(await fine.plan({ whole: true }), 0);
});
