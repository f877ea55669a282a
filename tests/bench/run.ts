/**
 * Runs benches one after the other, each in a process with its own flags: `deno task bench [NAME...]`.
 * `--rounds N` sets how often, `--format json` gives every sample. No time is too long: the exit code
 * is 1 only when something that was to be measured failed.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { type Places } from "../group.ts";
import { lackOf } from "../lacking.ts";
import { removeTree } from "../../engine/remove_tree.ts";
import type { Bench } from "./bench.ts";
import { compare, type Samples } from "./compare.ts";
import { type Measured, renderJson, renderTable } from "./render.ts";

const ending = "_bench.ts";
const folder = new URL(".", import.meta.url);
const project = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");

const { names, rounds, json } = readArguments();
const tmp = await Deno.realPath(await Deno.makeTempDir({ prefix: "sluice-bench-" }));
const measured: Measured[] = [];
const left: string[] = [];
const failed: string[] = [];
try {
  for (const name of names) await runBench(name);
} finally {
  // Releases are read-only.
  await removeTree(tmp);
}
if (json) {
  const machine = {
    deno: Deno.version.deno,
    target: Deno.build.target,
    cores: navigator.hardwareConcurrency,
  };
  console.log(renderJson(machine, measured).trimEnd());
}
for (const line of left) console.error(line);
if (failed.length > 0) {
  console.error(`failed: ${failed.join(", ")}`);
  Deno.exit(1);
}

async function runBench(name: string): Promise<void> {
  const file = new URL(`${name}${ending}`, folder).href;
  const { bench }: { readonly bench: Bench } = await import(file);
  const places: Places = {
    project,
    tmp: `${tmp}/${name}`,
    deno: Deno.execPath(),
    update: false,
  };
  const lack = await lackOf(bench, places);
  if (lack.length > 0) {
    left.push(`left out: ${name} (needs ${lack.join(", ")})`);
    return;
  }
  await Deno.mkdir(places.tmp);
  const count = rounds ?? bench.rounds ?? 15;
  const samples = await samplesOf(file, bench, places, count);
  if (samples === undefined) {
    failed.push(name);
    return;
  }
  const result = { name, summary: bench.summary, rounds: count, subjects: compare(samples) };
  measured.push(result);
  if (!json) console.log(renderTable(result));
}

async function samplesOf(
  file: string,
  bench: Bench,
  places: Places,
  rounds: number,
): Promise<readonly Samples[] | undefined> {
  const { code, stdout } = await new Deno.Command(places.deno, {
    args: [
      ...["run", "--quiet", "--no-prompt", "--cached-only", "--no-check"],
      ...bench.flags(places),
      `${project}/tests/bench/measure.ts`,
      ...[file, JSON.stringify(places), String(rounds)],
    ],
    cwd: project,
    env: { TMPDIR: places.tmp, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).output();
  return code === 0 ? JSON.parse(new TextDecoder().decode(stdout)) : undefined;
}

function readArguments() {
  const there = [...Deno.readDirSync(folder)].map((entry) => entry.name)
    .filter((file) => file.endsWith(ending)).map((file) => file.slice(0, -ending.length)).sort();
  try {
    const { values, positionals } = parseArgs({
      args: Deno.args,
      allowPositionals: true,
      options: { rounds: { type: "string" }, format: { type: "string", default: "table" } },
    });
    const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
    if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0)) {
      throw new TypeError(`--rounds ${values.rounds} is no number of rounds; say for example 15`);
    }
    if (values.format !== "table" && values.format !== "json") {
      throw new TypeError(`--format ${values.format} is not known; say table or json`);
    }
    const unknown = positionals.filter((name) => !there.includes(name));
    if (unknown.length > 0) {
      throw new TypeError(
        `there is no bench ${unknown.join(", ")}; there are: ${there.join(", ")}`,
      );
    }
    const names = positionals.length > 0 ? positionals : there;
    return { names, rounds, json: values.format === "json" };
  } catch (error) {
    console.error((error as Error).message);
    Deno.exit(64);
  }
}
