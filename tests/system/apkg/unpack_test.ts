// flags: --allow-read=<project>,<tmp> --allow-write=<tmp>
//        --allow-run=<deno>,/usr/bin/cat,/usr/bin/python3,/usr/bin/unzip,/usr/bin/zip
/**
 * Packages as the programs that others use make them, and what unpacking large ones takes.
 *
 * @module
 */
import assert from "node:assert/strict";
import { bed, readFiles, shortManifest } from "../../../steps/apkg/test_package.ts";
import { mustRun } from "../run_program.ts";

const packer = new URL("pack.py", import.meta.url).pathname;
const unpacker = new URL("unpack.ts", import.meta.url).pathname;

async function packed(kind: string): Promise<string> {
  const path = `${await Deno.makeTempDir()}/package.apkg`;
  await mustRun("/usr/bin/python3", [packer, kind, path]);
  return path;
}

/** Unpacks a zip here and by `unzip`, and compares. */
async function compare(path: string): Promise<Record<string, string>> {
  const { extract, to, work } = await bed();
  await extract(await Deno.readFile(path));
  const other = `${work}/other`;
  await mustRun("/usr/bin/unzip", ["-q", "-d", other, path]);
  const files = await readFiles(to);
  assert.deepEqual(files, await readFiles(other));
  return files;
}

for (const kind of ["stored", "deflated", "stream-stored", "stream-deflated", "append-stored"]) {
  Deno.test(`apkg.extract unpacks what Python's zipfile makes, ${kind}, as unzip does`, async () => {
    const files = await compare(await packed(kind));
    assert.equal(files["agent.yaml"], shortManifest);
    assert.equal(files["größe/ü.txt"], "x".repeat(1000));
    assert.equal(files["large"], "0123456789".repeat(100_000));
  });
}

for (const options of [[], ["-fz"], ["-0"], ["-X", "-D"]]) {
  const shown = options.join(" ") || "by default";
  Deno.test(`apkg.extract unpacks what Info-ZIP makes, ${shown}, as unzip does`, async () => {
    const folder = await Deno.makeTempDir();
    await Deno.mkdir(`${folder}/src/größe`, { recursive: true });
    await Deno.writeTextFile(`${folder}/agent.yaml`, shortManifest);
    await Deno.writeTextFile(`${folder}/src/größe/ä.txt`, "umlauts\n");
    await Deno.writeTextFile(`${folder}/run.sh`, "#!/bin/sh\n", { mode: 0o755 });
    const args = ["-q", "-r", ...options, "package.zip", "agent.yaml", "run.sh", "src"];
    await mustRun("/usr/bin/zip", args, { cwd: folder });
    const files = await compare(`${folder}/package.zip`);
    assert.equal(files["src/größe/ä.txt"], "umlauts\n");
  });
}

/** What it said, and the most memory that it ever had, in MiB. */
async function unpackApart(path: string): Promise<{ said: string; peak: number }> {
  const to = path.replace(/\.apkg$/, "");
  const flags = [
    `--allow-read=${[path, to, `${to}.part`]}`,
    `--allow-write=${[to, `${to}.part`]}`,
    "--ignore-env=LOG_TOKENS,LOG_STREAM",
  ];
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--cached-only",
      "--no-check",
      ...flags,
      unpacker,
      path,
      to,
    ],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value: said = "" } = await lines.read();
  const { stdout } = await new Deno.Command("/usr/bin/cat", {
    args: [`/proc/${child.pid}/status`],
  }).output();
  await child.stdin.close();
  await lines.cancel();
  await child.status;
  const peak = /^VmHWM:\s+(\d+) kB/m.exec(new TextDecoder().decode(stdout))![1];
  return { said, peak: Number(peak) / 1024 };
}

Deno.test("apkg.extract takes far less memory than the 300 MiB that it unpacks", async () => {
  const { peak: least, said } = await unpackApart(await packed("small"));
  assert.match(said, /^1 files/);
  for (const kind of ["big-stored", "big-deflated", "big-bomb"]) {
    const { peak, said } = await unpackApart(await packed(kind));
    assert.match(said, /^2 files, 3145728\d\d bytes/, kind);
    console.log(`${kind}: ${Math.round(peak - least)} MiB more than ${Math.round(least)}`);
    // What is collected late comes on top where the machine is busy: 69 were seen.
    assert.ok(peak - least < 128, `${kind}: ${peak} MiB, ${least} for a small one`);
  }
});
