import assert from "node:assert/strict";
import { type BundledModule, stableNames } from "./stable_names.ts";

/** What a bundler makes of some sources, where the names that it gives end in this. */
const bundled = (end: string, shared = "1"): readonly BundledModule[] => [
  {
    path: "planner.js",
    text: `import { a } from "./chunk-SHARED${end}.js";\nawait import("./late-LATER0${end}.js");`,
  },
  { path: `chunk-SHARED${end}.js`, text: `export const a = ${shared};\n` },
  // These two differ only in what they load.
  { path: `late-LATER0${end}.js`, text: `export * from "./chunk-SHARED${end}.js";\n` },
  { path: `late-LATER1${end}.js`, text: `export * from "./late-LATER0${end}.js";\n` },
];

Deno.test("stableNames() gives the same names, whatever the bundler saw beside the sources", () => {
  const first = stableNames(bundled("AA"));
  assert.deepEqual(stableNames(bundled("BB")), first);
  assert.deepEqual(stableNames([...bundled("AA")].reverse()), first);
  assert.equal(new Set(first.map(({ path }) => path)).size, 4);
  const planner = first.find(({ path }) => path === "planner.js")!;
  for (const [, name] of planner.text.matchAll(/"\.\/([^"]+)"/g)) {
    assert.ok(first.some(({ path }) => path === name!), name!);
  }
});

Deno.test("stableNames() names everything anew that loads what has changed", () => {
  const names = (shared: string) =>
    new Set(stableNames(bundled("AA", shared)).map(({ path }) => path));
  assert.deepEqual([...names("2").intersection(names("1"))], ["planner.js"]);
});

Deno.test("stableNames() leaves what only looks like a name of its own", () => {
  const text = `const file = "report-ABCDEFGH.js";\n`;
  assert.deepEqual(stableNames([{ path: "runner.js", text }]), [{ path: "runner.js", text }]);
});
