// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>
import assert from "node:assert/strict";
import { folderWith } from "./folder_with.ts";
import { foreignFile, notesOf, runForeign } from "./foreign_bed.ts";

Deno.test("secrets that a step of others may read are masked in all it says", async () => {
  const cwd = await folderWith({ "key": "hunter2-from-a-file\n" });
  const spec = {
    params: {
      type: "object",
      properties: {
        token: { type: "string", sluice: "secret" },
        key: { type: "string", sluice: "secret" },
      },
    },
    grants: { env: ["DEMO_TOKEN"], read: [`${cwd}/key`] },
  };
  const options = {
    cwd,
    env: { DEMO_TOKEN: "hunter1-from-env" },
    with: { token: "env:DEMO_TOKEN", key: "file:key" },
  };
  const ran = await runForeign({
    ...spec,
    run: `
      const token = Deno.env.get("DEMO_TOKEN");
      const key = await ctx.secret(input.key);
      console.log("printed", token, btoa(key));
      ctx.emit.note("noted " + key);
      return { token, key };`,
  }, options);
  assert.equal(ran.code, 0, JSON.stringify(ran.error));
  assert.deepEqual(ran.output, ["printed *** ***"]);
  assert.deepEqual(notesOf(ran), ["noted ***"]);
  const everything = JSON.stringify([ran.stdout, ran.events, ran.journal]);
  assert.ok(!/hunter/.test(everything), everything);
  await Deno.remove(`${cwd}/.sluice`, { recursive: true });
  const failed = await runForeign({
    ...spec,
    run: "throw new Error(`wrong token ${Deno.env.get('DEMO_TOKEN')}`);",
  }, options);
  assert.equal(failed.error!.message, "wrong token ***");
});

Deno.test("a step of others cannot have other steps' words masked", async () => {
  const cwd = await folderWith({});
  await Deno.writeTextFile(
    `${cwd}/next.ts`,
    foreignFile({ run: 'ctx.emit.note("all is well"); return { state: "well" };' }),
  );
  const ran = await runForeign({
    params: { type: "object", properties: { word: { type: "string", sluice: "secret" } } },
    grants: { env: ["DEMO_WORD"] },
    run: 'ctx.emit.note("all is well");',
  }, {
    cwd,
    env: { DEMO_WORD: "well" },
    with: { word: "env:DEMO_WORD" },
    rest: "  - id: next\n    uses: ./next.ts\n",
  });
  assert.deepEqual(notesOf(ran), ["all is ***", "all is well"]);
});
