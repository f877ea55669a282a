// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=/usr/bin/ln --allow-net=127.0.0.1
import assert from "node:assert/strict";
import { makeRoot } from "../../tests/conformance/release_root.ts";
import { serveHealth } from "../../tests/conformance/serve_health.ts";
import { guardRelease } from "./guard.ts";
import { testContext } from "./test_bed.ts";

/** Undoes the step where 1.0.0 is installed, or nothing, and some version answers, or nobody. */
async function undo({ installed, answers }: { installed?: string; answers?: string }) {
  if (guardRelease.effect !== "reversible") assert.fail();
  const root = await Deno.makeTempDir();
  const current = installed === undefined ? {} : { current: installed };
  await makeRoot(root, { versions: ["1.0.0"], ...current });
  await using health = answers === undefined ? undefined : serveHealth(answers);
  const ctx = testContext();
  await guardRelease.undo(
    {
      root,
      service: ["none"],
      health: health?.url ?? "none",
      version_at: "/version",
      version_header: "",
      deadline: 200,
    },
    undefined,
    ctx,
  );
  return ctx.notes;
}

Deno.test("release.guard undo says that the old release is healthy when it proved so", async () => {
  const notes = await undo({ installed: "1.0.0", answers: "1.0.0" });
  assert.deepEqual(notes, ["release 1.0.0 is back: it is proven healthy again"]);
});

Deno.test("release.guard undo fails while another version answers", async () => {
  await assert.rejects(
    undo({ installed: "1.0.0", answers: "2.0.0" }),
    /version 2\.0\.0 answered, 1\.0\.0 wanted/,
  );
});

Deno.test("release.guard undo fails where there was nothing to come back to", async () => {
  await assert.rejects(
    undo({ answers: "2.0.0" }),
    /no release was installed .* before: nothing runs/,
  );
});

Deno.test("release.guard undo claims no proof where nobody could be asked", async () => {
  assert.match((await undo({ installed: "1.0.0" })).at(-1)!, /nobody could be asked$/);
});
