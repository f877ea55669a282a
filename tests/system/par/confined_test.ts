// flags: see the group `par`
import assert from "node:assert/strict";
import { a2a } from "./a2a.ts";
import { boot, pack, parFolder } from "./bed.ts";

Deno.test("an agent in its box reaches neither the run nor the runtime's files, and has its own", async () => {
  await using par = await boot({ AGENT_PACKAGE_PATH: await pack("reaching") });
  await par.ready();
  const runs = `${parFolder()}-runs`;
  const store = `${parFolder()}/agent-venv`;
  const said = await a2a(par.ports.a2a, "Invoke", "reach", `runs=${runs}`, `store=${store}`);
  const [, result] = /^1 1\n2 (.*)\n/.exec(said) ?? [];
  assert.ok(result !== undefined, said);
  assert.deepEqual(JSON.parse(result), {
    runs: "FileNotFoundError",
    store: "OSError",
    environment: "OSError",
    host: "OSError",
    work: "PermissionError",
    package: "written",
    home: "written",
    others: [],
  });
  assert.equal((await par.end()).code, 0);
});

Deno.test("a boot removes what an agent before it left, also folders that nobody may write", async () => {
  const env = { AGENT_PACKAGE_PATH: await pack("reaching") };
  {
    await using par = await boot(env);
    await par.ready();
    assert.match(await a2a(par.ports.a2a, "Invoke", "lock_home"), /^1 1\n2 locked\n/);
    assert.equal((await par.end()).code, 0);
  }
  await using par = await boot(env);
  await par.ready();
  assert.equal((await par.end()).code, 0);
});
