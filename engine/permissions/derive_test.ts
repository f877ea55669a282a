import assert from "node:assert/strict";
import { derive } from "./derive.ts";
import { none, permissions } from "./permissions.ts";

Deno.test("derive() unites what all steps need, to run and to be undone, in `finally` too", () => {
  const step = (run: string, undo?: string) => ({
    permissions: {
      run: permissions({ read: [run] }),
      undo: undo === undefined ? none : permissions({ write: [undo] }),
    },
  });
  const set = derive({
    steps: [step("/a", "/u"), step("/a/b")],
    finally: [step("/f", "/v")],
  }, { run: "/runs/1" });
  assert.deepEqual(set.read, ["/runs/1", "/a", "/a/b", "/f"]);
  assert.deepEqual(set.write, ["/runs/1", "/u", "/v"]);
});
