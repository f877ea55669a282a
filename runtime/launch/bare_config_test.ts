// flags: --allow-read=<project>
import assert from "node:assert/strict";

async function read(path: string): Promise<Record<string, unknown>> {
  return JSON.parse(await Deno.readTextFile(new URL(path, import.meta.url)));
}

Deno.test("bareConfig() has the project's compiler options, and nothing else", async () => {
  const { compilerOptions } = await read("../../deno.json");
  assert.deepEqual(await read("bare_config.json"), { compilerOptions });
});
