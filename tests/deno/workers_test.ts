// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>
/**
 * What a Worker is: no boundary. So steps of others run in processes of their own, and the registry's
 * share one process, whose grants shrink.
 *
 * @module
 */
import assert from "node:assert/strict";
import { folder, probe, run, script } from "./probe.ts";

const worker = `
const inWorker = (code, permissions) =>
  new Promise((resolve, reject) => {
    const source = "self.onmessage = async () => { try { self.postMessage(await (async () => {" + code +
      "})()) } catch (error) { self.postMessage(error.name) } };";
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const options = permissions === undefined ? {} : { deno: { permissions } };
    const worker = new Worker(url, { type: "module", ...options });
    worker.onmessage = ({ data }) => (worker.terminate(), resolve(data));
    worker.onerror = (event) => (event.preventDefault(), worker.terminate(), reject(event.error));
    worker.postMessage("");
  });
const nothing = {
  env: false, ffi: false, import: false, net: false, read: false, run: false, sys: false, write: false,
};
`;
const unstable = "--unstable-worker-options";

Deno.test("permissions of a worker need an unstable flag", async () => {
  const code = `${worker} return await tries(() => inWorker("return 1", nothing));`;
  assert.notEqual((await run(await script(code), {})).code, 0);
  assert.equal(await probe(code, { flags: [unstable] }), "works");
});

Deno.test("a kind that is left out of a worker's permissions is denied, not inherited", async () => {
  const dir = await folder();
  await Deno.writeTextFile(`${dir}/a`, "a");
  assert.deepEqual(
    await probe(
      `${worker}
       const code = "return (await Deno.readTextFile('" + dir + "/a'))";
       return [await inWorker(code, {}), await inWorker(code, { read: "inherit" }), await inWorker(code)];`,
      { flags: [unstable, `--allow-read=${dir}`], given: { dir } },
    ),
    ["NotCapable", "a", "a"],
  );
});

Deno.test("a worker without permissions reads arguments, writes standard output, ends its process", async () => {
  const path = await script(
    `${worker}
     await inWorker(
       "Deno.stdout.writeSync(new TextEncoder().encode('APPLIANCE_STEP:' + Deno.args[0] + ':OK\\\\n'));" +
       "Deno.kill(Deno.pid, 'SIGKILL'); process.kill(process.pid, 'SIGKILL');",
       nothing,
     );`,
  );
  const { code, stdout } = await run(path, { flags: [unstable], args: ["P5-4"] });
  assert.match(stdout, /^APPLIANCE_STEP:P5-4:OK$/m);
  assert.doesNotMatch(stdout, /^result/m);
  assert.equal(code, 137);
});

Deno.test("a worker that inherits shares what is revoked, one with its own permissions keeps them", async () => {
  const dir = await folder();
  await Deno.writeTextFile(`${dir}/a`, "a");
  const started = `
    const start = (permissions) => {
      const source = "self.onmessage = async () => { try { self.postMessage(await Deno.readTextFile('" +
        dir + "/a')) } catch (error) { self.postMessage(error.name) } };";
      const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
      const options = permissions === undefined ? {} : { deno: { permissions } };
      const worker = new Worker(url, { type: "module", ...options });
      const ask = () => new Promise((resolve) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.postMessage("");
      });
      return { worker, ask };
    };`;
  assert.deepEqual(
    await probe(
      `${started}
       const inherits = start();
       const own = start({ read: [dir] });
       const before = [await inherits.ask(), await own.ask()];
       Deno.permissions.revokeSync({ name: "read" });
       const after = [await inherits.ask(), await own.ask()];
       inherits.worker.terminate();
       own.worker.terminate();
       return [before, after];`,
      { flags: [unstable, `--allow-read=${dir}`], given: { dir } },
    ),
    [["a", "a"], ["NotCapable", "a"]],
  );
});
