import assert from "node:assert/strict";
import { permissions } from "../../../engine/permissions/permissions.ts";
import type { Box } from "../../../runtime/launch/box.ts";
import { processesWith } from "../../cli/processes_with.ts";
import { bubblewrap, noBox, runInBox, shell, shellScript } from "../../system/box/box_world.ts";
import type { OwnCase } from "../case.ts";

/** Forks twice and leaves its session: it is on its own when its number was read. */
const leave =
  `setsid --fork sh -c 'echo $$; exec sleep "$0" >/dev/null' "$0" </dev/null 2>/dev/null | cat`;

/** What is alive of it after a runner has ended that started it as a program. */
async function left(box: Box): Promise<readonly number[]> {
  // So long that no other process has that command line.
  const seconds = `86399.${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  const { code, stdout, stderr } = await runInBox(box, {
    script: shellScript,
    args: [leave, seconds],
    set: permissions({ run: [shell] }),
  });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^\d+\n$/);
  return await processesWith("sleep", seconds);
}

/** Programs in the runner's own box. Those of steps of others have one each. */
export const outlive: readonly OwnCase[] = [
  {
    name: "program-outlives-run",
    attack: "is a program of the runner that forks twice, leaves its session and stays",
    layer: "box",
    unboxed: "**succeeds**: it lives on after the run",
    boxed: true,
    async prove() {
      assert.deepEqual(await left(bubblewrap), []);
      const free = await left(noBox);
      assert.equal(free.length, 1);
      const { success } = await new Deno.Command("/bin/sh", {
        args: ["-c", 'kill -KILL "$1"', "sh", String(free[0])],
        clearEnv: true,
      }).output();
      assert.ok(success);
    },
  },
];
