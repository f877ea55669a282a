// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>
/**
 * What Deno's own audit file holds, and what it cannot see: `sluice audit` joins it with what the
 * engine recorded of programs, and says so. The launcher gives each process start a file of its own.
 *
 * @module
 */
import assert from "node:assert/strict";
import { folder, run, script } from "./probe.ts";

type Line = Readonly<Record<string, unknown>>;

async function audited(code: string, flags: readonly string[], more: object = {}): Promise<Line[]> {
  const dir = await folder();
  const path = await script(code, { dir });
  const file = `${dir}/audit.jsonl`;
  await Deno.writeTextFile(file, "what an earlier process left\n");
  await run(path, { flags, env: { DENO_AUDIT_PERMISSIONS: file }, ...more });
  const text = await Deno.readTextFile(file);
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

Deno.test("the audit file has a JSON line a check, without its outcome, and begins anew at each start", async () => {
  const lines = await audited(
    `await read("/etc/hostname"); await read("/etc/passwd");
     await tries(() => Deno.env.get("PROBE"));
     await reach("127.0.0.1", 1);
     return 0;`,
    ["--allow-read=/etc/hostname"],
  );
  const own = lines.filter(({ value }) => !String(value).endsWith("probe.ts"));
  // Some checks are made twice.
  assert.deepEqual(
    [...new Set(own.map(({ v, permission, value }) => `${v} ${permission} ${value}`))],
    ["1 read /etc/hostname", "1 read /etc/passwd", "1 env PROBE", "1 net 127.0.0.1:1"],
  );
  assert.deepEqual(Object.keys(own[0]!), ["v", "datetime", "permission", "value"]);
});

Deno.test("the audit file has no line for a program, for a question or for a revocation", async () => {
  const lines = await audited(
    `await start("/usr/bin/true");
     Deno.permissions.querySync({ name: "read", path: "/etc/passwd" });
     Deno.permissions.revokeSync({ name: "read", path: "/etc/hostname" });
     return 0;`,
    ["--allow-read=/etc/hostname", "--allow-run=/usr/bin/true"],
  );
  assert.deepEqual(lines, []);
});

Deno.test("the audit file has paths as they were given", async () => {
  const lines = await audited(`await read("../etc/hostname"); return 0;`, [], { cwd: "/usr" });
  assert.deepEqual(lines.map(({ value }) => value), ["../etc/hostname"]);
});

Deno.test("the audit file does not say which worker asked", async () => {
  const lines = await audited(
    `const source = "Deno.readTextFile('/etc/hostname').then(() => self.postMessage(1), () => self.postMessage(2));";
     const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
     const worker = new Worker(url, { type: "module" });
     await new Promise((resolve) => worker.onmessage = resolve);
     worker.terminate();
     return 0;`,
    ["--allow-read=/etc/hostname"],
  );
  const [line] = lines.filter(({ value }) => value === "/etc/hostname");
  assert.deepEqual(Object.keys(line!), ["v", "datetime", "permission", "value"]);
});
