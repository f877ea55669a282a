import assert from "node:assert/strict";
import { resolveText } from "./test_registry.ts";

const step = (id: string) => `  - { id: ${id}, uses: demo.lock, with: { root: /srv/demo } }\n`;

async function codesOf(...ids: readonly string[]): Promise<readonly string[]> {
  const text = `sluice: v1\nname: demo\nsteps:\n${ids.map(step).join("")}`;
  const { diagnostics } = await resolveText(text);
  return diagnostics.map(({ code }) => code);
}

Deno.test("orderSteps() takes an id that stands twice for no circle", async () => {
  for (const ids of [["a", "a"], ["a", "b", "a"], ["a", "b", "a", "b"]]) {
    const codes = await codesOf(...ids);
    assert.deepEqual(new Set(codes), new Set(["duplicate-id"]), `${ids}`);
  }
});
