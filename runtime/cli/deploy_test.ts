// flags: --allow-read --allow-write=<tmp> --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { withProject } from "./locked_project.ts";

Deno.test("install() of a surface with several pipelines asks for one as it takes it", async () => {
  await withProject(async ({ edit, read, write, sluice }) => {
    await write("pipelines/more.yaml", await read("pipelines/links.yaml"));
    const both = "[pipelines/links.yaml, pipelines/more.yaml]";
    await edit("pipelines/surfaces.yaml", "[pipelines/links.yaml]", both);
    const install = await sluice("install", "anything", "--dry-run");
    assert.deepEqual([install.exit, install.err], [
      64,
      "sluice: --pipeline FILE is missing: the surface anything has more than one pipeline\n" +
      "  help: name one: --pipeline pipelines/links.yaml, --pipeline pipelines/more.yaml\n",
    ]);
    const plan = await sluice("plan", "--surface", "anything");
    assert.deepEqual([plan.exit, plan.err], [
      64,
      "sluice: FILE is missing: the surface anything has more than one pipeline\n" +
      "  help: name one: pipelines/links.yaml, pipelines/more.yaml\n",
    ]);
  });
});
