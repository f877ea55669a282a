// flags: --allow-read=/ --allow-write=<tmp> --allow-run=<deno>,/usr/bin/bwrap,/bin/sh --allow-net=127.0.0.1 --allow-env=<what the launcher hands on>
/**
 * Boots that are ended in the middle of an installation, and boots that meet at one store.
 *
 * @module
 */
import assert from "node:assert/strict";
import { TimedOutError } from "../../../engine/errors.ts";
import type { SecretRef } from "../../../engine/schema/types.ts";
import { startIndex } from "./package_index.ts";
import { runPython, uv, venvBed } from "./venv_bed.ts";

/** A build that says it is there and then waits in a process of its own: until that is killed, or 20 s. */
const waiting = (port: number) => ({
  "setup.py": `import socket, subprocess, sys
child = """import socket
socket.create_connection(("127.0.0.1", ${port}), 20).recv(1)"""
subprocess.run([sys.executable, "-c", child])
`,
});

for (const [tool, given] of [["uv", uv], ["pip", ""]] as const) {
  for (const install_box of ["boxed", "container"] as const) {
    Deno.test(`${tool}, ${install_box}: a deadline ends all that the installation started`, async () => {
      await using index = startIndex("pw");
      using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const bed = await venvBed(given, {
        install_box,
        wheelhouse: "",
        index_url: "env:INDEX" as SecretRef,
      });
      const secrets = { "env:INDEX": index.url };
      await bed.write(waiting(listener.addr.port));
      const deadline = new AbortController();
      const boot = bed.boot({ install: "project" }, { secrets, signal: deadline.signal });
      const ended = assert.rejects(boot, TimedOutError);
      using connection = await listener.accept();
      const begun = performance.now();
      deadline.abort(new TimedOutError("installing took too long"));
      // The kernel closes it when the last process that has it is gone.
      await connection.read(new Uint8Array(1)).catch(() => null);
      await ended;
      assert.ok(performance.now() - begun < 5000);
      assert.deepEqual(whole(bed.params.store), []);
      assert.equal(building(bed.params.store).length, 1);

      await bed.write({ "requirements.txt": "idna\n" });
      await bed.boot({ install: "requirements" }, { secrets });
      assert.deepEqual(building(bed.params.store), []);
      assert.equal(whole(bed.params.store).length, 1);
    });
  }
}

Deno.test("two boots of one package at one store: one installs, both have it", async () => {
  const one = await venvBed(uv);
  const other = await venvBed(uv, { store: one.params.store });
  const booted = await Promise.all([one, other].map(async (bed) => {
    await bed.write({ "requirements.txt": "idna\n" });
    return await bed.boot({ install: "requirements" });
  }));
  assert.deepEqual(booted.map(({ installed }) => installed.reused).sort(), [false, true]);
  assert.deepEqual(building(one.params.store), []);
  assert.equal(await runPython(one, "import idna, fastapi; print('whole')"), "whole");
});

Deno.test("two boots of two packages at one store leave two whole environments", async () => {
  const one = await venvBed(uv);
  const other = await venvBed(uv, { store: one.params.store });
  const ends = await Promise.allSettled([one, other].map(async (bed, index) => {
    await bed.write({ "requirements.txt": `idna>=${index + 1}\n` });
    return await bed.boot({ install: "requirements" });
  }));
  assert.ok(ends.some(({ status }) => status === "fulfilled"));
  for (const end of ends) {
    if (end.status === "rejected") assert.match(end.reason.message, /active does not lead to/);
  }
  assert.equal(whole(one.params.store).length, 2);
  assert.deepEqual(building(one.params.store), []);
  for (const key of whole(one.params.store)) {
    const home = `${one.params.store}/${key}`;
    assert.equal(await runPython(one, "import fastapi, idna; print('whole')", [], home), "whole");
  }
});

Deno.test("what a killed boot left under this very key is made again", async () => {
  const bed = await venvBed(uv);
  await bed.write({ "requirements.txt": "idna\n" });
  const { venv } = await bed.boot({ install: "requirements" });
  const { store } = bed.params;
  // As if the power had gone after half of the files: nothing has the name, and some is there.
  await Deno.rename(`${store}/${venv.key}`, `${store}/.building-${venv.key}`);
  await Deno.remove(`${store}/active`);
  await Deno.remove(`${store}/.building-${venv.key}/bin`, { recursive: true });
  const again = await bed.boot({ install: "requirements" });
  assert.deepEqual([again.venv.key, again.installed.reused], [venv.key, false]);
  assert.equal(await runPython(bed, "import idna; print('whole')"), "whole");
});

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name);
}

function whole(store: string): string[] {
  return names(store).filter((name) => /^[0-9a-f]{64}$/.test(name));
}

function building(store: string): string[] {
  return names(store).filter((name) => name.startsWith(".building-"));
}
