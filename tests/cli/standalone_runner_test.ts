// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno> --allow-net=127.0.0.1
import assert from "node:assert/strict";
import { folderWith } from "./folder_with.ts";
import { sluice, startRunner } from "./start_sluice.ts";
import { serve } from "./told_service.ts";
import { waitPipeline } from "./wait_pipeline.ts";

Deno.test("a runner without a launcher runs a plan with fixed flags", async () => {
  const { url, stop } = serve("ok");
  const cwd = await folderWith({ "wait.yaml": waitPipeline(url) });
  const planned = await sluice(
    ["plan", "wait.yaml", "--param", "root=root", "--format", "json"],
    { cwd },
  );
  assert.equal(planned.code, 0, planned.stderr);
  await Deno.writeTextFile(`${cwd}/plan.json`, planned.stdout);
  const flags = [
    `--allow-read=${cwd}/plan.json,${cwd}/root,${cwd}/runs`,
    `--allow-write=${cwd}/root,${cwd}/runs`,
    `--allow-net=${new URL(url).host}`,
    "--allow-env=SLUICE_TOKEN_KEY",
  ];
  const args = ["--plan", `${cwd}/plan.json`, "--runs", `${cwd}/runs`, "--run", "r1"];
  const env = { SLUICE_TOKEN_KEY: "k3y" };
  const { code, stdout, stderr } = await startRunner(flags, args, { cwd, env }).ended;
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^APPLIANCE_STEP:A0-1:START:\{"run":"r1","seq":1,"mac":"[0-9a-f]{64}"\}\n/);
  assert.equal(stdout.trimEnd().split("\n").length, 4);

  const again = await startRunner(flags, args, { cwd }).ended;
  assert.equal(again.code, 64);
  assert.match(again.stderr, /there is a run in .*\/runs\/r1 already/);
  const wrong = await startRunner(flags, ["--plan"], { cwd }).ended;
  assert.equal(wrong.code, 64);
  const elsewhere = [...args.slice(0, 3), `${cwd}/elsewhere`, "--go-on"];
  const refused = await startRunner(flags, elsewhere, { cwd }).ended;
  assert.equal(refused.code, 7, refused.stderr);
  assert.match(
    refused.stderr,
    /^sluice: Requires read access to ".*\/elsewhere"\n {2}help: the flags/,
  );
  await stop();
});
