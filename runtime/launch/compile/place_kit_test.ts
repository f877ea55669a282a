// flags: --allow-read=<tmp> --allow-write=<tmp>
import assert from "node:assert/strict";
import { BusyError, UsageError } from "../../../engine/errors.ts";
import { holdFolder } from "./kit_folder.ts";
import { placeKit } from "./place_kit.ts";
import { listTree, testContent } from "./test_kit.ts";

async function withRuntime(test: (folder: string, runtime: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/runtime`, "a runtime\n");
    await test(folder, `${folder}/runtime`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("placeKit() makes a kit, and the same bytes a second time", async () => {
  await withRuntime(async (folder, runtime) => {
    const content = testContent(runtime);
    await placeKit({ kind: "place", folder: `${folder}/kit`, content });
    const first = await listTree(`${folder}/kit`);
    assert.deepEqual(Object.keys(first).sort(), [
      "/README.md",
      "/SHA256SUMS",
      "/deno",
      "/manifest.json",
      "/permissions.json",
      "/plan.json",
      "/runner.js",
      "/sluice-watch.service",
      "/start",
    ]);
    assert.equal(((await Deno.stat(`${folder}/kit/start`)).mode ?? 0) & 0o777, 0o755);
    await placeKit({ kind: "place", folder: `${folder}/kit`, content });
    assert.deepEqual(await listTree(`${folder}/kit`), first);
    const left = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
    assert.deepEqual(left, ["kit", "runtime"]);
  });
});

Deno.test("placeKit() replaces nothing that it did not make", async () => {
  await withRuntime(async (folder, runtime) => {
    const content = testContent(runtime);
    const place = (name: string) =>
      placeKit({ kind: "place", folder: `${folder}/${name}`, content });
    const refuses = async (name: string, message: RegExp) => {
      const before = await listTree(folder);
      await assert.rejects(
        place(name),
        (error) => error instanceof UsageError && message.test(error.message),
      );
      assert.deepEqual(await listTree(folder), before);
    };
    await Deno.mkdir(`${folder}/mine`);
    await Deno.writeTextFile(`${folder}/mine/notes.txt`, "mine");
    await refuses("mine", /sluice compile did not make it/);
    await refuses("runtime", /is no folder/);
    await refuses("nowhere/kit", /nowhere does not exist/);

    await place("kit");
    await Deno.writeTextFile(`${folder}/kit/start`, "#!/bin/sh\n", { append: true });
    await refuses("kit", /somebody changed start in it/);
    await place("other");
    await Deno.writeTextFile(`${folder}/other/notes.txt`, "mine");
    await refuses("other", /somebody changed notes\.txt in it/);
    await Deno.mkdir(`${folder}/empty`);
    await place("empty");
  });
});

Deno.test("placeKit() clears away what an earlier one left half done", async () => {
  await withRuntime(async (folder, runtime) => {
    const content = testContent(runtime);
    await Deno.mkdir(`${folder}/.kit.sluice-next`);
    await Deno.writeTextFile(`${folder}/.kit.sluice-next/half`, "");
    await placeKit({ kind: "place", folder: `${folder}/kit`, content });
    assert.ok(!Object.keys(await listTree(folder)).some((path) => path.includes("half")));
  });
});

Deno.test("placeKit() is busy where another one is at work", async () => {
  await withRuntime(async (folder, runtime) => {
    using _held = await holdFolder(`${folder}/.kit.sluice-next`);
    const content = testContent(runtime);
    await assert.rejects(placeKit({ kind: "place", folder: `${folder}/kit`, content }), BusyError);
  });
});
