// flags: --allow-read=<tmp> --allow-write=<tmp>
import assert from "node:assert/strict";
import { FailedError } from "../../../engine/errors.ts";
import { installKit, uninstallKit } from "./install_kit.ts";
import { listTree, testContent } from "./test_kit.ts";

interface Machine {
  readonly root: string;
  install(id: string, runner?: string): Promise<readonly string[]>;
  uninstall(): Promise<readonly string[]>;
  /** Everything on it. */
  tree(): Promise<Record<string, string>>;
}

async function withMachine(test: (machine: Machine) => Promise<void>): Promise<void> {
  const top = await Deno.makeTempDir();
  const root = `${top}/root`;
  try {
    await Deno.mkdir(root);
    await Deno.writeTextFile(`${top}/runtime`, "a runtime\n");
    const unit = { folder: `${root}/units`, name: "sluice-watch.service" };
    const folder = `${root}/lib/watch`;
    await test({
      root,
      install: (id, runner) =>
        installKit({
          kind: "install",
          folder,
          id,
          content: testContent(`${top}/runtime`, runner, `[Service]\nExecStart=${folder}/${id}\n`),
          unit,
        }),
      uninstall: () => uninstallKit({ kind: "uninstall", folder, unit }),
      tree: () => listTree(root),
    });
  } finally {
    await Deno.remove(top, { recursive: true });
  }
}

Deno.test("installKit() puts a kit and its unit in place, and uninstallKit() takes both away", async () => {
  await withMachine(async ({ install, uninstall, tree }) => {
    assert.deepEqual(await install("one"), []);
    const installed = await tree();
    assert.match(installed["/units/sluice-watch.service"]!, /ExecStart=.*\/one\n/);
    assert.equal(installed["/lib/watch/one/deno"], "a runtime\n");
    assert.deepEqual(await install("one"), [], "the same again changes nothing");
    assert.deepEqual(await tree(), installed);
    assert.deepEqual(await uninstall(), []);
    assert.deepEqual(await tree(), { "/lib": "folder", "/units": "folder" });
  });
});

Deno.test("installKit() replaces the kit that was there", async () => {
  await withMachine(async ({ install, tree }) => {
    await install("one");
    assert.deepEqual(await install("two", "// newer\n"), []);
    const installed = await tree();
    assert.match(installed["/units/sluice-watch.service"]!, /\/two\n/);
    assert.equal(installed["/lib/watch/one"], undefined);
    assert.equal(installed["/lib/watch/two/runner.js"], "// newer\n");
  });
});

Deno.test("installKit() keeps what somebody changed in the older kit, and names it", async () => {
  await withMachine(async ({ root, install, tree }) => {
    await install("one");
    await Deno.writeTextFile(`${root}/lib/watch/one/start`, "mine\n");
    await Deno.writeTextFile(`${root}/lib/watch/one/notes`, "mine\n");
    const kept = await install("two");
    assert.deepEqual(kept, [`${root}/lib/watch/one/start`, `${root}/lib/watch/one/notes`]);
    const left = Object.keys(await tree()).filter((path) => path.includes("/one/")).sort();
    assert.deepEqual(left, ["/lib/watch/one/notes", "/lib/watch/one/start"]);
  });
});

Deno.test("installKit() does not touch a unit that it did not write", async () => {
  await withMachine(async ({ root, install, tree }) => {
    await Deno.mkdir(`${root}/units`);
    await Deno.writeTextFile(`${root}/units/sluice-watch.service`, "[Unit]\n# mine\n");
    const before = await tree();
    await assert.rejects(
      install("one"),
      (error) => error instanceof FailedError && /is not as sluice install/.test(error.message),
    );
    assert.deepEqual(await tree(), before);
  });
});

Deno.test("installKit() refuses a kit that was changed since it was installed", async () => {
  await withMachine(async ({ root, install }) => {
    await install("one");
    await Deno.writeTextFile(`${root}/lib/watch/one/runner.js`, "// evil\n");
    await assert.rejects(
      install("one"),
      (error) => error instanceof FailedError && /somebody changed runner\.js/.test(error.message),
    );
  });
});

Deno.test("uninstallKit() removes what is as it was, and keeps and names the rest", async () => {
  await withMachine(async ({ root, install, uninstall, tree }) => {
    await install("one");
    await Deno.writeTextFile(`${root}/lib/watch/one/start`, "mine\n");
    await Deno.writeTextFile(`${root}/units/sluice-watch.service`, "# mine\n", { append: true });
    assert.deepEqual(await uninstall(), [
      `${root}/units/sluice-watch.service`,
      `${root}/lib/watch/one/start`,
    ]);
    const files = Object.entries(await tree()).filter(([, text]) => text !== "folder");
    assert.deepEqual(files.map(([path]) => path).sort(), [
      "/lib/watch/one/start",
      "/units/sluice-watch.service",
    ]);
  });
});

Deno.test("uninstallKit() says when there is nothing to remove", async () => {
  await withMachine(async ({ uninstall }) => {
    await assert.rejects(uninstall(), FailedError);
  });
});
