import assert from "node:assert/strict";
import project from "../../deno.json" with { type: "json" };
import { version } from "./version.ts";

Deno.test("version is that of deno.json", () => {
  assert.equal(version, project.version);
});
