import assert from "node:assert/strict";
import { forms } from "../../engine/permissions/render/render.ts";
import { renderForms } from "./permissions_command.ts";

Deno.test("sluice permissions --as takes every form that there is a renderer for", () => {
  assert.deepEqual([...renderForms].sort(), [...forms].sort());
});
