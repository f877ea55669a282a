import assert from "node:assert/strict";
import { renderJson } from "./json.ts";
import { quietSurface, upgradeSurface } from "./upgrade_surface_test.ts";

Deno.test("renderJson() gives version, digest, programs with path and class, and every cause", async () => {
  const { text, unsaid } = renderJson(await upgradeSurface());
  assert.deepEqual(unsaid, []);
  const value = JSON.parse(text);
  assert.equal(value.schemaVersion, 1);
  assert.match(value.digest, /^sha256:[0-9a-f]{64}$/);
  const switched = value.grants.find((each: { program?: string; args?: string[] }) =>
    each.program === "ln" && each.args?.[1] === "--"
  );
  assert.equal(switched.path, "/usr/bin/ln");
  assert.equal(switched.escape.class, "argument-limited");
  assert.deepEqual(
    switched.why.map((why: { step: string; line: number }) => why.step),
    ["P5-0-recover", "P5-3", "P5-3"],
  );
  assert.ok(value.permissions.run.length > 0);
});

Deno.test("renderJson() says what the lock says besides grants", () => {
  const code = [{ file: "pipelines/a.ts", digest: "sha256:1" }];
  const accepts = [{ finding: "unscoped", entry: "/", reason: "it is a test" }];
  const locked = { kind: "open", digest: "sha256:2", code, accepts } as const;
  const { kind, digest, ...told } = JSON.parse(renderJson({ ...quietSurface, locked }).text);
  assert.deepEqual([kind, digest, told.code, told.accepts], ["open", "sha256:2", code, accepts]);
});

Deno.test("renderJson() says null for a program that is not installed", () => {
  const set = { ...quietSurface.set, run: [{ program: "ps", args: [], env: [] }] };
  assert.equal(JSON.parse(renderJson({ ...quietSurface, set }).text).permissions.run[0].path, null);
});
