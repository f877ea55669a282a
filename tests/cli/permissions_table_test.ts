import assert from "node:assert/strict";
import { startSluice } from "./start_sluice.ts";

const project = decodeURIComponent(new URL("../..", import.meta.url).pathname).replace(/\/$/, "");

Deno.test("sluice permissions --as table fits 80 columns on every surface", async () => {
  const lock = JSON.parse(await Deno.readTextFile(`${project}/permissions.lock.json`));
  const names = Object.keys(lock.surfaces);
  assert.ok(names.length > 3);
  for (const name of names) {
    const { code, stdout, stderr } = await startSluice(["permissions", name, "--as", "table"], {
      cwd: project,
    }).ended;
    assert.equal(code, 0, stderr);
    assert.ok(stdout.startsWith(`${name}: `));
    assert.deepEqual(stdout.split("\n").filter((line) => [...line].length > 80), [], name);
  }
});
