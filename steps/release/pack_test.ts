// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=/usr/bin/ln
import assert from "node:assert/strict";
import type { SecretRef } from "../../engine/schema/types.ts";
import { openBundle } from "./open_bundle.ts";
import { packRelease } from "./pack.ts";
import { makeKey, testContext, type TestContextOptions, type Tree, writeTree } from "./test_bed.ts";
import { loadTrust } from "../../engine/trust/load_trust.ts";

const signal = new AbortController().signal;

const tree: Tree = {
  "LICENSE": "MIT\n",
  "post_install.sh": { run: "#!/bin/sh\n" },
  "files/app/main.py": "print(1)\n",
  "files/bin/start": { run: "#!/bin/sh\n" },
  "files/bin/python3": { link: "/usr/bin/python3" },
  "files/lib/libx.so": { link: "libx.so.1" },
  "files/lib/libx.so.1": "elf",
  "files/empty": null,
  "files/größe 😀 \uFF5E.txt": "names are not ASCII",
  [`files/${"long/".repeat(60)}name`]: "names are long",
};

interface PackWorld {
  readonly folder: string;
  readonly pem: string;
  readonly params: Params;
  pack(options?: { params?: Partial<Params>; context?: TestContextOptions }): ReturnType<
    typeof packRelease.run
  >;
}
type Params = Parameters<typeof packRelease.run>[0];

async function world(content: Tree = tree): Promise<PackWorld> {
  const folder = await Deno.makeTempDir();
  await writeTree(`${folder}/source`, content);
  const { pem } = await makeKey(`${folder}/trust`, "release");
  const params: Params = {
    source: `${folder}/source`,
    name: "atp",
    version: "1.4.0",
    key: "env:KEY" as SecretRef,
    password: "env:COSIGN_PASSWORD" as SecretRef,
    output: `${folder}/out`,
    floor: "",
    build_time: 0,
  };
  return {
    folder,
    pem,
    params,
    pack: ({ params: some = {}, context = {} } = {}) =>
      packRelease.run(
        { ...params, ...some },
        testContext({ secrets: { "env:KEY": pem }, ...context }),
      ),
  };
}

Deno.test("release.pack makes what openBundle() finds signed and whole", async () => {
  const { folder, pack } = await world();
  const paths: string[] = [];
  const facts = await pack({ params: { floor: "1.2.0", build_time: 1_700_000_000 } });
  assert.equal(facts.bundle, `${folder}/out/atp-1.4.0.tar.zst`);
  assert.equal(facts.bytes, (await Deno.stat(facts.bundle)).size);
  await using bundle = await openBundle(facts.bundle, await loadTrust(`${folder}/trust`), signal);
  const { metadata } = bundle;
  assert.deepEqual(
    [metadata.name, metadata.version, metadata.floor, metadata.build_time],
    ["atp", "1.4.0", "1.2.0", "2023-11-14T22:13:20Z"],
  );
  assert.deepEqual(metadata.folders, ["files/empty"]);
  assert.deepEqual(metadata.links, {
    "files/bin/python3": "/usr/bin/python3",
    "files/lib/libx.so": "libx.so.1",
  });
  assert.equal(metadata.modes["files/bin/start"], "0755");
  assert.equal(metadata.modes["LICENSE"], "0644");
  for (let entry = await bundle.next(); entry !== undefined; entry = await bundle.next()) {
    paths.push(entry.path);
  }
  assert.deepEqual(paths.slice(-2), ["post_install.sh", "LICENSE"]);
  assert.equal(paths.length, facts.files + 3);
  assert.equal(bundle.sha256(), facts.sha256);
  assert.equal(bundle.metadata_sha256, facts.metadata_sha256);
  assert.equal(bundle.key_id, facts.key_id);
});

Deno.test("release.pack makes the same bytes in another folder, order, time and mode", async () => {
  const first = await world();
  const second = await world(Object.fromEntries(Object.entries(tree).reverse()));
  const one = await first.pack();
  await Deno.chmod(`${second.folder}/source/files/app/main.py`, 0o600);
  await Deno.chmod(`${second.folder}/source/files/bin/start`, 0o700);
  await Deno.chmod(`${second.folder}/source/files/app`, 0o700);
  await Deno.utime(`${second.folder}/source/LICENSE`, 1, 1);
  const other = await second.pack({
    context: { secrets: { "env:KEY": first.pem }, run: "another" },
  });
  assert.equal(other.sha256, one.sha256);
  assert.deepEqual(await Deno.readFile(other.bundle), await Deno.readFile(one.bundle));
});

Deno.test("release.pack keeps an equal bundle and replaces another", async () => {
  const { folder, pack } = await world();
  const { bundle, sha256 } = await pack();
  const before = await Deno.stat(bundle);
  assert.equal((await pack()).sha256, sha256);
  assert.equal((await Deno.stat(bundle)).ino, before.ino);
  await Deno.writeTextFile(`${folder}/source/files/app/main.py`, "print(2)\n");
  assert.notEqual((await pack()).sha256, sha256);
  assert.notEqual((await Deno.stat(bundle)).ino, before.ino);
  assert.deepEqual(await names(`${folder}/out`), [".atp-1.4.0.tar.zst.run", "atp-1.4.0.tar.zst"]);
});

Deno.test("release.pack is undone only where this run made the bundle", async () => {
  const { folder, pack, params } = await world();
  await pack({ context: { run: "first" } });
  await pack({ context: { run: "second" } });
  if (packRelease.effect !== "reversible") assert.fail();
  await packRelease.undo(params, undefined, testContext({ run: "second" }));
  assert.ok((await names(`${folder}/out`)).includes("atp-1.4.0.tar.zst"));
  await packRelease.undo(params, undefined, testContext({ run: "first" }));
  assert.deepEqual(await names(`${folder}/out`), []);
  await packRelease.undo(params, undefined, testContext({ run: "first" }));
});

Deno.test("release.pack leaves nothing behind when it is aborted", async () => {
  const { folder, pack } = await world({ ...tree, "files/big": "0123456789".repeat(300_000) });
  const aborted = new AbortController();
  const onProgress = () => aborted.abort(new Error("stop"));
  await assert.rejects(
    pack({ context: { signal: aborted.signal, onProgress } }),
    /stop/,
  );
  assert.deepEqual(await names(`${folder}/out`), []);
});

Deno.test("release.pack says who else is writing the same bundle", async () => {
  const { folder, pack } = await world();
  await Deno.mkdir(`${folder}/out`);
  const part = `${folder}/out/.atp-1.4.0.tar.zst.part`;
  using held = await Deno.open(part, { write: true, create: true });
  await held.lock(true);
  await assert.rejects(pack(), { name: "BusyError" });
});

Deno.test("release.pack takes a source without files/ as what is to be installed", async () => {
  const hook = { "LICENSE": "l", "post_install.sh": "#!/bin/sh\n" };
  const flat = await world({ ...hook, "bin/run": "r", "data": "d" });
  const nested = await world({ ...hook, "files/bin/run": "r", "files/data": "d" });
  assert.equal((await flat.pack()).metadata_sha256, (await nested.pack()).metadata_sha256);
});

const bad: Record<string, [Tree, RegExp]> = {
  "nothing to install": [{ "LICENSE": "", "post_install.sh": "" }, /nothing in it to install/],
  "no licence": [{ "files/a": "" }, /no LICENSE/],
  "a licence that is a link": [{ "files/a": "", "LICENSE": { link: "files/a" } }, /not a file/],
  "something beside": [{ "files/a": "", "LICENSE": "", "other": "" }, /"other" lies beside files/],
  "a name twice": [{ "files/LICENSE": "", "LICENSE": "" }, /there twice/],
  "names that clash": [{ "files/a": "", "files/A": "", "LICENSE": "" }, /case does not count/],
  "folders that clash": [
    { "files/a/x": "", "files/A/y": "", "LICENSE": "" },
    /case does not count/,
  ],
  "a control character": [{ "files/a\nb": "", "LICENSE": "" }, /control character/],
  "a backslash": [{ "files/a\\b": "", "LICENSE": "" }, /backslash/],
  "Sluice's own folder": [{ "files/.sluice/x": "", "LICENSE": "" }, /Sluice's own/],
  "a link that leaves": [{ "files/a": { link: "../x" }, "LICENSE": "" }, /leaves the tree/],
  "a link to /etc": [{ "files/a": { link: "/etc/passwd" }, "LICENSE": "" }, /outside of \/usr/],
  "a link to itself": [{ "files/a": { link: "a" }, "LICENSE": "" }, /back to itself/],
};
for (const [what, [content, why]] of Object.entries(bad)) {
  Deno.test(`release.pack refuses ${what}`, async () => {
    const { folder, pack } = await world(content);
    await assert.rejects(pack(), (error: Error) => {
      assert.equal(error.name, "InvalidInputError");
      assert.match(error.message, why);
      return true;
    });
    assert.deepEqual(await names(`${folder}/out`), []);
  });
}

Deno.test("release.pack refuses an output within what is packed, and a floor above the version", async () => {
  const { folder, pack } = await world();
  const inside = { output: `${folder}/source/files/out` };
  await assert.rejects(pack({ params: inside }), { name: "InvalidInputError" });
  await assert.rejects(pack({ params: { floor: "2.0.0" } }), { name: "InvalidInputError" });
});

async function names(folder: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
  } catch {
    return [];
  }
}
