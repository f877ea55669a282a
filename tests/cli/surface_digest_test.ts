import assert from "node:assert/strict";
import { startSluice } from "./start_sluice.ts";

const project = decodeURIComponent(new URL("../..", import.meta.url).pathname).replace(/\/$/, "");

async function said(args: readonly string[], cwd = project): Promise<string> {
  const { code, stdout, stderr } = await startSluice(args, { cwd }).ended;
  assert.equal(code, 0, stderr);
  return stdout;
}

Deno.test("sluice surfaces, permissions and plan call one set by one name", async () => {
  const { surfaces } = JSON.parse(await said(["surfaces", "--format", "json"]));
  for (const { name, kind, set, programs } of surfaces) {
    const table = await said(["permissions", name]);
    const [, label, digest] = /^(set|ceiling) +(sha256:[0-9a-f]{64})$/m.exec(table)!;
    assert.deepEqual([label, digest], [kind === "fixed" ? "set" : "ceiling", set], name);
    if (programs === 0) assert.match(table, /^starts no programs$/m);
    else assert.match(table, new RegExp(`^\\d+ command lines? of ${programs} programs?,`, "m"));
    assert.equal(JSON.parse(await said(["permissions", name, "--as", "json"])).digest, set);
    if (kind === "open") continue;
    assert.match(await said(["plan", "--surface", name]), new RegExp(`^set ${set}$`, "m"), name);
  }
});

Deno.test("sluice permissions says the same in every folder", async () => {
  const here = await said(["permissions", "appliance-watch"]);
  assert.equal(await said(["permissions", "appliance-watch"], `${project}/docs`), here);
});
