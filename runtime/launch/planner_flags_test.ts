// flags: --allow-read=<tmp> --allow-write=<tmp>
import assert from "node:assert/strict";
import { optionValue } from "./command_line.ts";
import { plannerFlags } from "./planner_flags.ts";

interface World {
  readonly cwd: string;
  flags(...args: string[]): string[];
  /** Where signed texts are handed over. */
  handed(...args: string[]): string[];
}

async function world(): Promise<World> {
  const cwd = await Deno.realPath(await Deno.makeTempDir());
  await Deno.mkdir(`${cwd}/a`);
  await Deno.mkdir(`${cwd}/b,c`);
  for (const file of ["x.yaml", "a/y.yaml", "b,c/z.yaml"]) {
    await Deno.writeTextFile(`${cwd}/${file}`, "");
  }
  const places = { deno: "/deno", project: "/project", cwd, runs: `${cwd}/runs`, tmp: "/tmp" };
  return {
    cwd,
    flags: (...args) => plannerFlags(args, places),
    handed: (...args) => plannerFlags(args, places, { handed: true }),
  };
}

Deno.test("plannerFlags() lets the planner read the folders of the files that were named", async () => {
  const { cwd, flags } = await world();
  const always = `/project/pipelines,${cwd}/runs`;
  const read = (...args: string[]) => flags(...args).find((flag) => flag.includes("read"));
  assert.equal(read("runs"), `--allow-read=${always}`);
  assert.equal(read("check", "x.yaml"), `--allow-read=${always},${cwd}`);
  assert.equal(read("run", `${cwd}/a/y.yaml`), `--allow-read=${always},${cwd}/a`);
  assert.equal(read("run", "--params=a/y.yaml"), `--allow-read=${always},${cwd}/a`);
  assert.equal(read("run", "--param", "bundle=x.yaml"), `--allow-read=${always},${cwd}`);
  assert.equal(read("run", "--param=bundle=a/../x.yaml"), `--allow-read=${always},${cwd}`);
  assert.equal(read("run", "a", "missing", "no/missing.yaml", ""), `--allow-read=${always}`);
  assert.equal(read("run", "/missing.yaml"), `--allow-read=${always}`);
  assert.equal(read("run", "b,c/z.yaml"), `--allow-read=${always}`);
});

Deno.test("plannerFlags() lets the planner look beside a pipeline whose name was mistyped", async () => {
  const { cwd, flags } = await world();
  assert.ok(flags("run", "a/yy.yaml").some((flag) => flag.endsWith(`,${cwd}/a`)));
  assert.ok(flags("run", "--param", "root=a/yy").every((flag) => !flag.includes(`${cwd}/a`)));
});

Deno.test("plannerFlags() lets mark-done write among the runs, lock its two files, and nothing else write", async () => {
  const { cwd, flags } = await world();
  const writes = (...args: string[]) => flags(...args).filter((flag) => flag.includes("write"));
  const locked = ["--allow-write=/project/permissions.lock.json,/project/deno.json"];
  assert.deepEqual(writes("run", "x.yaml"), []);
  assert.deepEqual(writes("runs", "mark-done"), []);
  assert.deepEqual(writes("mark-done", "1", "A"), [`--allow-write=${cwd}/runs`]);
  assert.deepEqual(writes("--runs", "r", "mark-done", "1"), [`--allow-write=${cwd}/runs`]);
  assert.deepEqual(writes("lock"), locked);
  assert.deepEqual(writes("lock", "--format=json"), locked);
  for (const args of [["lock", "--check"], ["lock", "--format", "json", "--check"]]) {
    assert.deepEqual(writes(...args), []);
  }
  assert.deepEqual(writes("run", "lock"), []);
  assert.deepEqual(writes("surfaces"), []);
  assert.deepEqual(writes("permissions", "lock"), []);
});

Deno.test("plannerFlags() lets the lock be read by what shows it", async () => {
  const { flags } = await world();
  const reads = (...args: string[]) => flags(...args).some((flag) => flag.includes(".lock.json"));
  assert.ok(reads("lock", "--check") && reads("surfaces") && reads("permissions", "a"));
  assert.ok(!reads("run", "x.yaml") && !reads("plan", "x.yaml"));
});

Deno.test("plannerFlags() lets a planner that is handed texts read no pipeline", async () => {
  const { cwd, handed } = await world();
  const read = (...args: string[]) => handed("run", "x.yaml", ...args)[1];
  assert.equal(read(), `--allow-read=${cwd}/runs`);
  assert.equal(read("--params", "a/y.yaml"), `--allow-read=${cwd}/runs,${cwd}/a/y.yaml`);
  assert.equal(read("--param", "bundle=a/y.yaml"), `--allow-read=${cwd}/runs`);
});

Deno.test("plannerFlags() gives no environment, no network and no programs", async () => {
  const { flags } = await world();
  const kinds = flags("run", "x.yaml").map((flag) => flag.split("=")[0]);
  assert.deepEqual(kinds, ["--ignore-env", "--allow-read"]);
});

Deno.test("optionValue() reads both spellings, up to '--'", () => {
  assert.equal(optionValue(["run", "--runs", "a"], "--runs"), "a");
  assert.equal(optionValue(["run", "--runs=a", "--runs=b"], "--runs"), "b");
  assert.equal(optionValue(["run", "--", "--runs", "a"], "--runs"), undefined);
  assert.equal(optionValue(["run", "--runs"], "--runs"), undefined);
});
