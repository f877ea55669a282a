import assert from "node:assert/strict";
import { launchedPrograms } from "../launch/launched_programs.ts";
import { launcherFlags } from "./sluice.ts";

Deno.test("launcherFlags() are those of the task sluice", async () => {
  const { tasks } = JSON.parse(
    await Deno.readTextFile(new URL("../../deno.json", import.meta.url)),
  );
  const ours = ["deno", "run", ...launcherFlags("DENO"), "runtime/launch/main.ts"].join(" ");
  const task = tasks.sluice
    .replace("DENO_NO_UPDATE_CHECK=1 ", "") // The demo's own task says so for all that it starts.
    .replace(
      '"--allow-run=$(deno run -q --no-prompt runtime/launch/place.ts launched)"',
      `--allow-run=${["DENO", ...launchedPrograms].join(",")}`,
    );
  assert.equal(task, ours);
});
