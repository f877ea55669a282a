// flags: --allow-read --allow-write=<tmp>
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { codeDigests } from "./code_digests.ts";
import { testProject } from "../../../tests/signed_project.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

Deno.test("codeDigests() has each folder that holds files, as sha256sum would list it", async () => {
  const { project } = await testProject();
  const digests = await codeDigests(project);
  assert.deepEqual(Object.keys(digests).sort(), [
    "deno.json",
    "deno.lock",
    "engine",
    "engine/plan",
    "runtime",
    "steps/d/e",
  ]);
  const lines = `${sha256("export const b = 1;\n")}  b.ts\n${sha256("// a test\n")}  b_test.ts\n`;
  assert.equal(digests["engine/plan"], `sha256:${sha256(lines)}`);
  assert.equal(digests["deno.lock"], `sha256:${sha256('{"version":"5"}')}`);
  assert.equal(digests["deno.json"], `sha256:${sha256('{"imports":{"a":"npm:a@1.0.0"}}')}`);
});
