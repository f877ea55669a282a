// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=/usr/bin/ln --allow-net=127.0.0.1
import assert from "node:assert/strict";
import { makeRoot } from "../../tests/conformance/release_root.ts";
import { serveHealth } from "../../tests/conformance/serve_health.ts";
import { installedVersion } from "./layout.ts";
import { recoverRelease } from "./recover.ts";
import { testContext } from "./test_bed.ts";

interface State {
  readonly current?: string;
  readonly good?: readonly string[];
  /** What the killed run noted down before it switched; absent if it never came to that. */
  readonly origin?: string;
}

async function world({ origin, ...state }: State) {
  const root = await Deno.makeTempDir();
  await makeRoot(root, { versions: ["1.0.0", "2.0.0"], ...state });
  if (origin !== undefined) await Deno.writeTextFile(`${root}/.switch.killed`, origin);
  const params = {
    root,
    service: ["none"],
    version_at: "/version",
    version_header: "",
    deadline: 100,
  };
  return {
    root,
    async recover(interrupted = ["killed"], run = "r1") {
      await using health = serveHealth("1.0.0");
      const input = { ...params, health: health.url };
      const { run: permissions } = recoverRelease.permissions(input);
      const ctx = testContext({ permissions, run });
      const { left } = await recoverRelease.run({ ...input, interrupted }, ctx);
      return { left, current: await installedVersion(root), notes: ctx.notes };
    },
  };
}

Deno.test("release.recover goes back from a release that a killed run left unproven", async () => {
  const { recover } = await world({ current: "2.0.0", good: ["1.0.0"], origin: "1.0.0" });
  const { left, current, notes } = await recover();
  assert.deepEqual([left, current], ["2.0.0", "1.0.0"]);
  assert.deepEqual(notes, ["2.0.0 was never proven; current is 1.0.0 again", "release 1.0.0 runs"]);
});

Deno.test("release.recover leaves nothing current where nothing was before", async () => {
  const { recover } = await world({ current: "2.0.0", origin: "" });
  const { left, current } = await recover();
  assert.deepEqual([left, current], ["2.0.0", undefined]);
});

Deno.test("release.recover tells what it left again when it was cut off in its turn", async () => {
  const { recover } = await world({ current: "2.0.0", good: ["1.0.0"], origin: "1.0.0" });
  await recover();
  assert.equal((await recover()).left, "2.0.0");
  assert.equal((await recover([])).left, "2.0.0");
  assert.equal((await recover(["r1"], "r2")).left, "");
});

Deno.test("release.recover touches nothing where no run was cut off, or none had switched", async () => {
  const unproven = { current: "2.0.0", good: ["1.0.0"] };
  const running = await (await world({ ...unproven, origin: "1.0.0" })).recover([]);
  assert.deepEqual(running, { left: "", current: "2.0.0", notes: [] });
  // Somebody pointed it there by hand.
  const { left, current } = await (await world(unproven)).recover();
  assert.deepEqual([left, current], ["", "2.0.0"]);
});

Deno.test("release.recover goes on where the old release does not prove healthy: the next may", async () => {
  const { recover } = await world({ current: "2.0.0", good: ["2.0.0"] });
  const { left, notes } = await recover();
  assert.equal(left, "");
  assert.match(notes.join(), /2\.0\.0 does not prove healthy: .* version 1\.0\.0 answered/);
});
