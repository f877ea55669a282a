import assert from "node:assert/strict";
import { RefusedError } from "../../engine/errors.ts";
import { none, permissions } from "../../engine/permissions/permissions.ts";
import type { Plan } from "../../engine/plan/plan.ts";
import { refuseUnaided } from "./refuse_unaided.ts";

const planOf = (...steps: { id: string; uses: string; permissions: unknown }[]) =>
  ({ steps, finally: [] }) as unknown as Plan;

Deno.test("refuseUnaided() refuses a plan with a program that only a launcher may start", () => {
  const hook = permissions({
    run: [{ program: "/opt/*/hook", args: [], env: [], brokered: true }],
  });
  const link = permissions({ run: [{ program: "ln", args: ["*"], env: [] }] });
  refuseUnaided(
    planOf({ id: "A", uses: "release.switch", permissions: { run: link, undo: link } }),
  );
  assert.throws(
    () =>
      refuseUnaided(
        planOf({ id: "A", uses: "release.hook", permissions: { run: hook, undo: none } }),
      ),
    (error) =>
      error instanceof RefusedError &&
      /A \(release\.hook\) has \/opt\/\*\/hook started for it/.test(error.message),
  );
});
