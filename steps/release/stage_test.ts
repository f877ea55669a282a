// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=/usr/bin/ln
import assert from "node:assert/strict";
import { packForTest } from "./pack_for_test.ts";
import { goodBundle, type RawBundle, writeRawBundle } from "./raw_bundle.ts";
import { removeTree } from "../../engine/remove_tree.ts";
import { stageRelease } from "./stage.ts";
import { makeKey, readTree, testContext, type TestContextOptions, writeTree } from "./test_bed.ts";
import { verifyRelease } from "./verify_release.ts";

const signal = new AbortController().signal;

/** An installation, and a bundle for it, made from parts. */
async function world(change: (bundle: RawBundle) => void = () => {}) {
  const folder = await Deno.makeTempDir();
  const root = `${folder}/root`;
  await Deno.mkdir(`${root}/releases`, { recursive: true });
  const trust = `${folder}/trust`;
  const { key, pem } = await makeKey(trust, "release");
  const bundle = `${folder}/bundle`;
  const params = { root, bundle, trust, metadata_sha256: "" };
  const grants = stageRelease.permissions(params);
  const write = async (change: (bundle: RawBundle) => void) => {
    const raw = goodBundle();
    change(raw);
    await writeRawBundle(bundle, raw, key);
  };
  await write(change);
  const stage = (options: TestContextOptions & { metadata_sha256?: string } = {}) => {
    const { metadata_sha256 = "", ...rest } = options;
    const ctx = testContext({ permissions: grants.run, ...rest });
    return Object.assign(stageRelease.run({ ...params, metadata_sha256 }, ctx), { ctx });
  };
  const undo = async (run: string) => {
    if (stageRelease.effect !== "reversible") assert.fail();
    const ctx = testContext({ permissions: grants.undo!, run });
    await stageRelease.undo(params, undefined, ctx);
    return ctx;
  };
  return {
    folder,
    root,
    release: `${root}/releases/1.0.0`,
    bundle,
    trust,
    pem,
    write,
    stage,
    undo,
  };
}

async function releases(root: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(`${root}/releases`))).map(({ name }) => name).sort();
}

Deno.test("release.stage installs what release.pack made: names, modes, links, all read-only", async () => {
  const { folder, root, trust, pem } = await world();
  const long = `${"long/".repeat(60)}name`;
  await writeTree(`${folder}/source`, {
    "LICENSE": "MIT\n",
    "post_install.sh": { run: "#!/bin/sh\n" },
    "files/bin/start": { run: "#!/bin/sh\n" },
    "files/venv/bin/python3": { link: "/usr/bin/python3" },
    "files/venv/bin/python": { link: "python3" },
    "files/venv/lib64": { link: "lib" },
    "files/venv/lib/größe 😀": "odd",
    "files/venv/lib/empty": null,
    "files/current": { link: "venv/bin/python" },
    [`files/${long}`]: "far",
    "files/big": "0123456789".repeat(100_000),
  });
  const output = `${folder}/out`;
  const packed = await packForTest({
    source: `${folder}/source`,
    version: "2.0.0-rc.1",
    pem,
    output,
    floor: "1.0.0",
  });
  const params = { root, bundle: packed.bundle, trust };
  const ctx = testContext({ permissions: stageRelease.permissions(params).run });
  const facts = await stageRelease.run({ ...params, metadata_sha256: packed.metadata_sha256 }, ctx);
  assert.deepEqual(facts, {
    release: "2.0.0-rc.1",
    name: "atp",
    path: `${root}/releases/2.0.0-rc.1`,
    bundle_sha256: packed.sha256,
    metadata_sha256: packed.metadata_sha256,
    key_id: packed.key_id,
    files: 6,
    bytes: 1_000_030,
    hook: true,
    floor: "1.0.0",
  });
  const tree = readTree(facts.path);
  assert.equal(tree["LICENSE"], "444 MIT\n");
  assert.equal(tree["post_install.sh"], "555 #!/bin/sh\n");
  assert.equal(tree["bin/start"], "555 #!/bin/sh\n");
  assert.equal(tree["venv/bin/python3"], "-> /usr/bin/python3");
  assert.equal(tree["venv/bin/python"], "-> python3");
  assert.equal(tree["venv/lib64"], "-> lib");
  assert.equal(tree["current"], "-> venv/bin/python");
  assert.equal(tree["venv/lib/größe 😀"], "444 odd");
  assert.equal(tree["venv/lib/empty"], "folder 555");
  assert.equal(tree[long], "444 far");
  assert.equal(tree["big"]!.length, 1_000_004);
  assert.deepEqual(Object.keys(tree).filter((path) => path.startsWith(".sluice/")).sort(), [
    ".sluice/metadata.json",
    ".sluice/metadata.json.sig",
    ".sluice/run",
  ]);
  // Two of the four links have targets of one name.
  assert.equal(ctx.started.length, 2);
  assert.deepEqual(await releases(root), ["2.0.0-rc.1"]);
  await verifyRelease(facts.path, signal);
});

Deno.test("release.stage makes many links with few starts of ln", async () => {
  const { stage, release } = await world((bundle) => {
    for (let i = 0; i < 450; i++) {
      const path = `files/links/l${i}`;
      const target = i % 2 === 0 ? `../t${i}` : "../same";
      bundle.links[path] = target;
      bundle.entries.push({ name: path, type: "2", target });
    }
  });
  const staging = stage();
  await staging;
  assert.ok(staging.ctx.started.length <= 225 + 2, `${staging.ctx.started.length} starts`);
  for (const [at, target] of [[0, "../t0"], [7, "../same"], [448, "../t448"]] as const) {
    assert.equal(await Deno.readLink(`${release}/links/l${at}`), target);
  }
});

Deno.test("release.stage uses a release that is there and whole", async () => {
  const { stage, release, undo } = await world();
  const first = await stage({ run: "first" });
  const before = await Deno.stat(`${release}/a`);
  const again = stage({ run: "second" });
  assert.deepEqual(await again, first);
  assert.match(again.ctx.notes.join(), /there already/);
  assert.equal((await Deno.stat(`${release}/a`)).ino, before.ino);
  await undo("second");
  await verifyRelease(release, signal);
});

Deno.test("release.stage mends a release that is damaged and not in use", async () => {
  const { stage, release } = await world();
  const first = await stage();
  await Deno.chmod(`${release}/a`, 0o644);
  await Deno.writeTextFile(`${release}/a`, "spoil");
  await Deno.chmod(`${release}/a`, 0o444);
  const again = stage();
  assert.deepEqual(await again, first);
  assert.match(again.ctx.notes.join(), /is damaged/);
  await verifyRelease(release, signal);
});

Deno.test("release.stage replaces another release of that version that is not in use", async () => {
  const { stage, release, write } = await world();
  const first = await stage();
  await write((bundle) => bundle.metadata = { name: "other" });
  assert.notEqual((await stage()).metadata_sha256, first.metadata_sha256);
  assert.equal((await verifyRelease(release, signal)).metadata.name, "other");
});

for (const [what, mark] of [["installed", "current"], ["the last good one", ".previous"]]) {
  Deno.test(`release.stage leaves another release of that version that is ${what}`, async () => {
    const { stage, release, root, write, undo } = await world();
    await stage({ run: "r1" });
    if (mark === "current") await writeTree(root, { current: { link: "releases/1.0.0" } });
    else await Deno.writeTextFile(`${root}/.previous`, "1.0.0\n");
    await stage(); // The same one is fine.
    const before = readTree(release);
    await write((bundle) => bundle.metadata = { name: "other" });
    await assert.rejects(stage(), { name: "FailedError", message: /in use/ });
    assert.deepEqual(readTree(release), before);
    const { notes } = await undo("r1");
    assert.match(notes.join(), /stays/);
    assert.deepEqual(readTree(release), before);
    assert.deepEqual(await releases(root), ["1.0.0"]);
  });
}

Deno.test("release.stage removes what a killed run left in staging", async () => {
  const { stage, root, release } = await world();
  await writeTree(`${release}.staging`, { "half/file": "x", ".sluice/run": "killed" });
  await Deno.chmod(`${release}.staging/half`, 0o500);
  await stage();
  assert.deepEqual(await releases(root), ["1.0.0"]);
  await verifyRelease(release, signal);
});

Deno.test("release.stage refuses a bundle that was exchanged since it was judged", async () => {
  const { stage, root } = await world();
  await assert.rejects(stage({ metadata_sha256: "0".repeat(64) }), {
    name: "InvalidInputError",
    message: /not the one that was judged/,
  });
  assert.deepEqual(await releases(root), []);
});

Deno.test("release.stage says that there is no bundle, or that it is no file", async () => {
  const { stage, bundle } = await world();
  await Deno.remove(bundle);
  await assert.rejects(stage(), { name: "InvalidInputError", message: /there is no bundle/ });
  await Deno.mkdir(bundle);
  await assert.rejects(stage(), { name: "InvalidInputError" });
});

Deno.test("release.stage leaves nothing in staging when it is aborted, at any point", async () => {
  const { stage, root } = await world((bundle) => {
    for (let i = 0; i < 40; i++) {
      const content = String(i).repeat(20_000);
      bundle.contents[`files/many/f${i}`] = content;
      bundle.entries.push({ name: `files/many/f${i}`, content });
    }
  });
  for (const at of [1, 2, 20, 40]) {
    const aborted = new AbortController();
    let seen = 0;
    const onProgress = () => ++seen === at && aborted.abort(new Error("stop"));
    await assert.rejects(
      stage({ signal: aborted.signal, onProgress: () => void onProgress() }),
      /stop/,
    );
    assert.deepEqual(await releases(root), []);
  }
  await assert.rejects(stage({ signal: AbortSignal.abort(new Error("stop")) }), /stop/);
});

Deno.test("release.stage is undone without facts, and only what its run made", async () => {
  const { stage, root, release, undo } = await world();
  await undo("r1");
  await stage({ run: "r1" });
  await writeTree(`${root}/releases/3.0.0.staging`, { ".sluice/run": "r1" });
  await writeTree(`${root}/releases/4.0.0.staging`, { "begun": "" });
  await writeTree(`${root}/releases/5.0.0.staging`, { ".sluice/run": "other" });
  await writeTree(`${root}/releases/0.9.0`, { "a": "", ".sluice/run": "other" });
  await undo("other-run");
  assert.ok((await releases(root)).includes("1.0.0"));
  await undo("r1");
  assert.deepEqual(await releases(root), ["0.9.0", "5.0.0.staging"]);
  await undo("r1");
  await assert.rejects(Deno.lstat(release), Deno.errors.NotFound);
});

const changes: Record<string, (release: string) => Promise<unknown>> = {
  "content": async (release) => {
    await Deno.chmod(`${release}/a`, 0o644);
    await Deno.writeTextFile(`${release}/a`, "alphb");
    await Deno.chmod(`${release}/a`, 0o444);
  },
  "size": async (release) => {
    await Deno.chmod(`${release}/a`, 0o644);
    await Deno.writeTextFile(`${release}/a`, "longer");
    await Deno.chmod(`${release}/a`, 0o444);
  },
  "mode": (release) => Deno.chmod(`${release}/a`, 0o555),
  "setuid": (release) => Deno.chmod(`${release}/a`, 0o4444),
  "mode of a folder": (release) => Deno.chmod(`${release}/d`, 0o755),
  "missing file": (release) => Deno.remove(`${release}/d/b`),
  "missing folder": (release) => removeTree(`${release}/d`),
  "missing link": (release) => Deno.remove(`${release}/l`),
  "extra file": (release) => Deno.writeTextFile(`${release}/d/extra`, ""),
  "extra folder": (release) => Deno.mkdir(`${release}/extra`),
  "link elsewhere": async (release) => {
    await Deno.remove(`${release}/l`);
    await writeTree(release, { l: { link: "d/b" } });
  },
  "link in place of a file": async (release) => {
    await Deno.remove(`${release}/a`);
    await writeTree(release, { a: { link: "d/b" } });
  },
  "folder in place of a file": async (release) => {
    await Deno.remove(`${release}/a`);
    await Deno.mkdir(`${release}/a`);
  },
  "missing metadata": (release) => removeTree(`${release}/.sluice`),
  "extra file of its own": (release) => Deno.writeTextFile(`${release}/.sluice/x`, ""),
  "empty metadata": async (release) => {
    await Deno.chmod(`${release}/.sluice/metadata.json`, 0o644);
    await Deno.writeTextFile(`${release}/.sluice/metadata.json`, "");
  },
};
for (const [what, change] of Object.entries(changes)) {
  Deno.test(`verifyRelease() finds a change: ${what}`, async () => {
    const { stage, release } = await world();
    await stage();
    await verifyRelease(release, signal);
    await change(release);
    await assert.rejects(verifyRelease(release, signal), { name: "InvalidInputError" });
  });
}

Deno.test("verifyRelease() stops when it is aborted", async () => {
  const { stage, release } = await world();
  await stage();
  await assert.rejects(verifyRelease(release, AbortSignal.abort(new Error("stop"))), /stop/);
});
