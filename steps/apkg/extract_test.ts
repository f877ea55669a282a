// flags: --allow-read=<project>,<tmp> --allow-write=<tmp>
import assert from "node:assert/strict";
import { InterruptedError, InvalidInputError } from "../../engine/errors.ts";
import { bed, namesIn, packageOf, readFiles, shortManifest } from "./test_package.ts";

Deno.test("apkg.extract gives the package's folder, its manifest and how much it has", async () => {
  const { to, ctx, extract, work } = await bed();
  const facts = await extract(packageOf(
    shortManifest,
    { name: "src/" },
    { name: "src/main.py", content: "x = 1\n" },
    { name: "bin/start", content: "#!/bin/sh\n", mode: 0o100777 },
    { name: "own", content: "s", mode: 0o104600 },
  ));
  assert.equal(facts.package, to);
  assert.equal(facts.manifest.dialect, "runtime");
  assert.deepEqual(facts.manifest.rest, { entry: "main:mount" });
  assert.deepEqual([facts.files, facts.bytes], [4, shortManifest.length + 6 + 10 + 1]);
  const files = await readFiles(to);
  assert.deepEqual(Object.keys(files).sort(), ["agent.yaml", "bin/start", "own", "src/main.py"]);
  assert.equal(files["src/main.py"], "x = 1\n");
  const mode = async (path: string) => (await Deno.stat(`${to}/${path}`)).mode! & 0o7777;
  assert.deepEqual(
    [await mode("bin/start"), await mode("own"), await mode("src"), await mode(".")],
    [0o755, 0o644, 0o755, 0o755],
  );
  assert.deepEqual(await namesIn(work), ["package", "package.apkg"]);
  assert.deepEqual(ctx.notes, ["greeter 1.2.0, by a manifest in the dialect of the runtime"]);
});

Deno.test("apkg.extract finds what there is to install", async () => {
  const cases: readonly (readonly [names: readonly string[], install: string])[] = [
    [["setup.py"], "project"],
    [["pyproject.toml"], "project"],
    [["requirements.txt"], "requirements"],
    [["requirements.txt", "setup.py"], "project"],
    [["src/setup.py", "docs/requirements.txt"], "none"],
    [["setup.py/x"], "none"],
    [[], "none"],
  ];
  for (const [names, install] of cases) {
    const { extract } = await bed();
    const facts = await extract(packageOf(shortManifest, ...names.map((name) => ({ name }))));
    assert.equal(facts.install, install, names.join());
  }
});

Deno.test("apkg.extract takes the place of an older package, and of nothing else", async () => {
  const { extract, to, undo } = await bed();
  await extract(packageOf(shortManifest, { name: "old" }));
  await extract(packageOf(shortManifest, { name: "new" }));
  assert.deepEqual(await namesIn(to), ["agent.yaml", "new"]);
  await Deno.remove(`${to}/agent.yaml`);
  await assert.rejects(extract(packageOf()), /is no unpacked package/);
  await undo();
  assert.deepEqual(await namesIn(to), ["new"]);
  await Deno.remove(to, { recursive: true });
  await Deno.writeTextFile(to, "a file");
  await assert.rejects(extract(packageOf()), /is no unpacked package/);
});

Deno.test("apkg.extract leaves no older package where a new one is refused", async () => {
  const { extract, work } = await bed();
  await extract(packageOf());
  await assert.rejects(extract(packageOf("name: greeter\n")), InvalidInputError);
  assert.deepEqual(await namesIn(work), ["package.apkg"]);
});

Deno.test("apkg.extract begins anew where a killed run left half a package", async () => {
  const { extract, to } = await bed();
  await Deno.mkdir(`${to}.part/agent.yaml`, { recursive: true });
  await extract(packageOf());
  assert.deepEqual(await namesIn(to), ["agent.yaml"]);
});

Deno.test("apkg.extract says when there is no manifest, and what is one almost", async () => {
  const message = async (...names: readonly string[]) => {
    const { extract } = await bed();
    const { rawZip } = await import("./zip/raw_zip.ts");
    const error = await extract(rawZip({ entries: names.map((name) => ({ name })) }))
      .then(() => assert.fail(), (error) => error);
    assert.ok(error instanceof InvalidInputError);
    return `${error.message}; ${error.hint}`;
  };
  assert.match(await message("setup.py"), /no agent\.yaml at its root; every agent package/);
  assert.match(await message("greeter/agent.yaml"), /it has "greeter\/agent\.yaml": pack the/);
  assert.match(await message("agent.yml"), /it has "agent\.yml"/);
  assert.match(await message("agent.yaml/x"), /no agent\.yaml at its root/);
});

Deno.test("apkg.extract refuses a manifest that is too long, or no text", async () => {
  const { extract } = await bed();
  const long = `${shortManifest}# ${"x".repeat(256 * 1024)}\n`;
  await assert.rejects(extract(packageOf(long)), /agent\.yaml has 26\d{4} bytes, more than 262144/);
  const { rawZip } = await import("./zip/raw_zip.ts");
  const name = "agent.yaml";
  const latin = rawZip({ entries: [{ name, content: new Uint8Array([0x61, 0xe9]) }] });
  await assert.rejects(extract(latin), /is not UTF-8/);
});

Deno.test("apkg.extract looks whether the folder of the UI is there", async () => {
  const manifest = "name: a\nversion: 1.2.0\nui: { path: ./web/ }\n";
  const { extract, ctx } = await bed();
  await assert.rejects(
    extract(packageOf(manifest)),
    /agent\.yaml:3:.*\n.*\n.*\^|none of that name/,
  );
  await assert.rejects(extract(packageOf(manifest, { name: "web" })), /it is a file/);
  const { manifest: read } = await extract(packageOf(manifest, { name: "web/app.js" }));
  assert.deepEqual(read.ui, { path: "web", base_path: "/" });
  assert.match(ctx.notes.at(-1)!, /no web\/index\.html/);
  ctx.notes.length = 0;
  await extract(packageOf(manifest, { name: "web/index.html" }));
  assert.equal(ctx.notes.length, 1);
});

Deno.test("apkg.extract tells nothing of a .env and of the values of the environment", async () => {
  const secret = "hunter2-hunter2";
  const env = { name: ".env", content: `KEY=${secret}\n` };
  const { extract, ctx, to } = await bed();
  const facts = await extract(packageOf(`${shortManifest}environment: { A: b }\n`, env));
  assert.equal((await readFiles(to))[".env"], `KEY=${secret}\n`);
  assert.ok(!JSON.stringify([facts, ctx.notes]).includes(secret));
  const bad = `environment:\n  TOKEN: [${secret}]\n  OTHER: ${secret}\nname: A B\n`;
  const error = await extract(packageOf(bad, env)).then(() => assert.fail(), (error) => error);
  assert.match(error.message, /environment\.TOKEN must be a text/);
  assert.ok(!JSON.stringify([error.message, error.details, ctx.notes]).includes(secret));
});

Deno.test({
  name: "apkg.extract ends in the middle of a file when it is cancelled, and leaves nothing",
  sanitizeOps: true,
  sanitizeResources: true,
  fn: async () => {
    const cancel = new AbortController();
    const { extract, work } = await bed({
      signal: cancel.signal,
      // The first file is written: the second is a large one.
      onProgress: () => queueMicrotask(() => cancel.abort(new InterruptedError("enough"))),
    });
    const large = { name: "large", content: "0123456789".repeat(500_000), method: 0 };
    await assert.rejects(extract(packageOf(shortManifest, large)), InterruptedError);
    assert.deepEqual(await namesIn(work), ["package.apkg"]);
  },
});

Deno.test("apkg.extract refuses to unpack a package over itself", async () => {
  const { extractPackage } = await import("./extract.ts");
  const { work, ctx, extract } = await bed();
  await extract(packageOf());
  const limits = { max_entries: 9, max_bytes: 9, max_file: 9, max_ratio: 9 };
  for (const to of ["/", work, `${work}/package.apkg`]) {
    const input = { package: `${work}/package.apkg`, to, ...limits };
    await assert.rejects(extractPackage.run(input, ctx), /lies where it is to be unpacked/);
  }
});
