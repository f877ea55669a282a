// flags: --allow-read=<tmp> --allow-write=<tmp>
import assert from "node:assert/strict";
import { testContext } from "../release/test_bed.ts";
import { configureAgent } from "./configure.ts";

Deno.test("agent.configure takes up no boot that was cut off, and leaves its folder alone", async () => {
  const store = await Deno.makeTempDir();
  const work = await Deno.makeTempDir();
  await Deno.writeTextFile(`${work}/package.apkg`, "");
  const configure = (resumed: boolean) =>
    configureAgent.run({
      agent_app_id: "a-1",
      deployment_id: "",
      rest_port: 8080,
      a2a_port: 50051,
      ui_port: 3000,
      multiplexed: true,
      base_path: "",
      package_url: "https://packages.example/a-1.apkg",
      package_path: "",
      s3_bucket: "",
      log_level: "info",
      ...{ store, work },
    }, testContext({ resumed }));
  await assert.rejects(configure(true), {
    name: "InvalidInputError",
    message: "a boot that was cut off cannot be gone on with",
  });
  const names = async () => (await Array.fromAsync(Deno.readDir(work))).map(({ name }) => name);
  assert.deepEqual(await names(), ["package.apkg"]);
  assert.equal((await configure(false)).source, "https");
  assert.deepEqual(await names(), ["lock"]);
});
