import assert from "node:assert/strict";
import { compareVersions, isVersion } from "./version.ts";

Deno.test("compareVersions() orders as Semantic Versioning 2.0.0 does", () => {
  const ordered = [
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.9.0",
    "1.10.0",
    "2.0.0",
    "20250101123000123456.0.0",
  ];
  for (const [i, a] of ordered.entries()) {
    for (const [j, b] of ordered.entries()) {
      assert.equal(compareVersions(a, b), Math.sign(i - j), `${a} and ${b}`);
    }
  }
});

Deno.test("compareVersions() orders other dotted numbers naturally", () => {
  const ordered = ["v1.2", "v1.10"];
  assert.equal(compareVersions(ordered[0]!, ordered[1]!), -1);
  assert.equal(compareVersions("2024.9", "2024.10"), -1);
  assert.equal(compareVersions("1.2.3.9", "1.2.3.10"), -1);
  assert.equal(compareVersions("1.2a", "1.2b"), -1);
  assert.equal(compareVersions("1.2", "1.2a"), -1);
});

Deno.test("compareVersions() finds no order where there is none", () => {
  assert.equal(compareVersions("1.0", "1.0.0"), 0);
  assert.equal(compareVersions("1.0.0+one", "1.0.0+two"), 0);
});

Deno.test("isVersion() accepts what is safe as the name of a folder, and nothing else", () => {
  for (const good of ["1", "1.2.3", "v1.0", "1.0.0-rc.1+build_7", "a".repeat(64)]) {
    assert.ok(isVersion(good), good);
  }
  const bad = ["", ".", "..", "1..2", ".1", "-1", "1/2", "1 2", "1\n", "1.0.staging", "ü"];
  for (const text of [...bad, "a".repeat(65)]) assert.ok(!isVersion(text), text);
});
