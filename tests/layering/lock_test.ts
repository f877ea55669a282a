// flags: --allow-read=<project> --allow-run=<deno>
import assert from "node:assert/strict";
import { expand } from "../../engine/permissions/expand.ts";
import { readLock, readWrittenLock } from "../../engine/permissions/lock/read_lock.ts";

const project = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");
const text = await Deno.readTextFile(`${project}/permissions.lock.json`);
const lock = readLock(text);

Deno.test("the lock and deno.json say what surfaces and pipelines need; sluice lock writes them", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "sluice", "lock", "--check"],
    cwd: project,
    stdin: "null",
  }).output();
  const utf8 = new TextDecoder();
  assert.equal(code, 0, utf8.decode(stdout) + utf8.decode(stderr));
  assert.equal(utf8.decode(stdout), "");
});

Deno.test("the lock names known places, and pipelines that exist", async () => {
  const places = { project: "/p", runs: "/r", tmp: "/t" };
  expand(lock.ad_hoc.ceiling, places);
  for (const [name, surface] of Object.entries(lock.surfaces)) {
    expand(surface.kind === "open" ? surface.ceiling : surface.set, places);
    const pipelines = surface.kind === "open" ? surface.pipelines : [surface.pipeline];
    for (const path of pipelines) {
      const { isFile } = await Deno.stat(`${project}/${path}`);
      assert.ok(isFile, `${name}: ${path}`);
    }
  }
});

Deno.test("a pipeline of no surface may start no program", () => {
  assert.deepEqual(lock.ad_hoc.ceiling.run, []);
});

Deno.test("only the surface of agent packages lets what may run any code run in no box", () => {
  const { ad_hoc, surfaces } = readWrittenLock(text);
  const accepted = [{ name: "ad_hoc", ...ad_hoc }, ...surfaces].flatMap(({ name, accepts }) =>
    accepts.map(({ finding, entry }) => `${name}: ${finding} of ${entry}`)
  );
  assert.deepEqual(accepted, [
    "par: wildcard-apex of *.amazonaws.com:443",
    "par: unboxed-code of /opt/agent-venv/active/bin/python",
    "par: unboxed-code of ${tmp}/agent-venv/active/bin/python",
    "par: unboxed-code of python3",
  ]);
});
