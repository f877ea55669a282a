// flags: --allow-read --allow-write=<tmp> --allow-env=SLUICE_UPDATE_GOLDEN
//        --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { parseDocument } from "../../engine/document/parse.ts";
import { registry } from "../../steps/registry.ts";
import { compareGolden } from "../../tests/golden.ts";
import { runCli } from "./cli.ts";
import { recordedPlace } from "./recorded_place.ts";
import { withFolder } from "./with_folder.ts";

const golden = new URL("../../tests/golden/", import.meta.url);

async function sluice(folder: string, ...args: readonly string[]) {
  const place = recordedPlace({ cwd: new URL(folder, golden).pathname.replace(/\/$/, "") });
  return { exit: await runCli(args, place, registry), ...place.said };
}

async function pipelines(folder: string): Promise<readonly string[]> {
  const entries = await Array.fromAsync(Deno.readDir(new URL(folder, golden)));
  return entries.map(({ name }) => name).filter((name) => name.endsWith(".yaml")).sort();
}

for (const name of await pipelines("bad/")) {
  Deno.test(`check() refuses bad/${name}`, async () => {
    const { exit, err, out } = await sluice("bad/", "check", name);
    assert.equal(exit, 2);
    assert.equal(out, "");
    assert.match(err, new RegExp(`^${name}:\\d+:\\d+: error\\[`, "m"));
    const text = await Deno.readTextFile(new URL(`bad/${name}`, golden));
    // What the parser finds has its golden file, of the same name, from the parser's own test.
    if (parseDocument(text, name).diagnostics.length > 0) return;
    await compareGolden(`bad/${name.replace(".yaml", ".txt")}`, err);
  });
}

Deno.test("check() accepts the good pipelines, all at once, without a warning", async () => {
  const names = await pipelines("good/");
  const { exit, err } = await sluice("good/", "check", ...names);
  assert.equal(err, `${names.length} pipelines, no faults\n`);
  assert.equal(exit, 0);
});

Deno.test("check() tells the faults of all files, also of those that are missing", async () => {
  const { exit, err } = await sluice(
    "bad/",
    "check",
    "id_undo.yaml",
    "nope.yaml",
    "version_two.yaml",
  );
  assert.equal(exit, 2);
  await compareGolden("cli/check_several.txt", err);
});

Deno.test("check() tells the place in a file that is no text", async () => {
  await withFolder(async (cwd) => {
    await Deno.writeFile(`${cwd}/latin.yaml`, new Uint8Array([0x61, 0x0a, 0x62, 0xe9, 0x0a]));
    const place = recordedPlace({ cwd });
    assert.equal(await runCli(["check", "latin.yaml"], place, registry), 2);
    assert.match(
      place.said.err,
      /^latin\.yaml:2:2: error\[unreadable-file\]: .*\n.*help: save it as UTF-8\n/,
    );
  });
});

Deno.test("check() as json writes diagnostics to standard output and nothing else", async () => {
  const { exit, out, err } = await sluice("bad/", "check", "--format", "json", "needs_cycle.yaml");
  assert.equal(exit, 2);
  assert.equal(err, "");
  const { schemaVersion, diagnostics } = JSON.parse(out);
  assert.equal(schemaVersion, 1);
  assert.ok(diagnostics.length > 0);
  assert.equal(diagnostics[0].file, "needs_cycle.yaml");
  const good = await sluice("good/", "check", "--format", "json", "smallest.yaml");
  assert.deepEqual([good.exit, JSON.parse(good.out).diagnostics, good.err], [0, [], ""]);
});

Deno.test("check() with values also checks these", async () => {
  const { exit, err } = await sluice(
    "good/",
    "check",
    "parameters.yaml",
    "--param",
    "count=2",
    "--param",
    "stag=prod",
    "--param",
    "deadline=soon",
  );
  assert.equal(exit, 2);
  await compareGolden("cli/check_values.txt", err);
});
