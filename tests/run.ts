/**
 * Runs the groups of tests, each with exactly its permissions, and adds up their results.
 *
 * `deno task test [GROUP|FILE|FOLDER...]` runs what needs no package of the system and says what it
 * left out; a file, or all below a folder, runs with the permissions of its group. `deno task
 * test:system` runs the rest. `--update` rewrites the golden files instead of comparing. The last
 * line is `N passed, N failed`; the exit code is 0 only when nothing failed.
 *
 * @module
 */
import { removeTree } from "../engine/remove_tree.ts";
import type { Group, Places } from "./group.ts";
import { groups } from "./groups.ts";
import { lackOf } from "./lacking.ts";
import { systemGroups } from "./system_groups.ts";

interface Result {
  readonly group: string;
  readonly passed: number;
  readonly failed: number;
  readonly ignored: number;
  readonly seconds: number;
  readonly output: string;
}

const project = new URL("..", import.meta.url).pathname.replace(/\/$/, "");
const options = new Set(Deno.args.filter((argument) => argument.startsWith("-")));
const names = Deno.args.filter((argument) => !argument.startsWith("-"));
const system = options.has("--system");
const ours = system ? systemGroups : groups;

/** The files of each group that is to run. */
const wanted = new Map<Group, readonly string[]>();
const groupNames = ours.map(({ name }) => name);
/** What was named and is no group: a file, or a folder. */
const paths = names.filter((name) => !groupNames.includes(name));
const unknown = new Set(paths);
for (const group of ours) {
  const all = await filesOf(group);
  const asked = paths.filter((path) => all.some((file) => isWithin(file, path)));
  for (const path of asked) unknown.delete(path);
  if (names.length === 0 || names.includes(group.name)) wanted.set(group, all);
  else if (asked.length > 0) {
    wanted.set(group, all.filter((file) => asked.some((path) => isWithin(file, path))));
  }
}
const odd = [...options].filter((option) => !["--system", "--update"].includes(option));
if (unknown.size > 0 || odd.length > 0) {
  const help = unknown.size === 0 && odd.every((option) => ["--help", "-h"].includes(option));
  if (!help) console.error(`not known here: ${[...unknown, ...odd].join(" ")}`);
  const task = system ? "test:system" : "test";
  console.error(`deno task ${task} [GROUP|FILE|FOLDER...] runs all tests, or some`);
  console.error(`groups: ${groupNames.join(", ")}`);
  Deno.exit(help ? 0 : 64);
}
const tmp = await Deno.realPath(await Deno.makeTempDir({ prefix: "sluice-test-" }));
const places: Places = {
  project,
  tmp,
  deno: Deno.execPath(),
  update: options.has("--update"),
};

/** What each group needs and this machine does not have; those that can run are not in it. */
const lacking = new Map<Group, readonly string[]>();
for (const group of wanted.keys()) {
  const lack = await lackOf(group, places);
  if (lack.length > 0) lacking.set(group, lack);
}
const results: Result[] = [];
const queue = [...wanted].filter(([group]) => !lacking.has(group));
try {
  // One group a core; the longest are listed first.
  await Promise.all([worker(), worker()]);
} finally {
  // Releases are read-only.
  await removeTree(tmp);
}

report();

async function worker(): Promise<void> {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const [group, files] = next;
    // Some take minutes, and say nothing before their end.
    console.error(`${group.name}: begun`);
    const result = await runGroup(group, files);
    results.push(result);
    const counts = `${result.passed} passed, ${result.failed} failed`;
    const ignored = result.ignored > 0 ? `, ${result.ignored} ignored` : "";
    console.log(`${group.name}: ${counts}${ignored} (${result.seconds.toFixed(1)} s)`);
    if (result.failed > 0) console.log(result.output);
  }
}

async function runGroup(group: Group, files: readonly string[]): Promise<Result> {
  if (files.length === 0) return failed(group, "it has no test files");
  const folder = `${tmp}/${group.name}`;
  await Deno.mkdir(folder);
  const own: Places = { ...places, tmp: folder };
  const args = [
    "test",
    "--quiet",
    "--no-prompt",
    "--cached-only",
    "--no-check",
    ...(group.doc ? ["--doc"] : []),
    ...group.flags(own),
    ...files,
  ];
  const begun = performance.now();
  const process = new Deno.Command(places.deno, {
    args,
    cwd: project,
    env: {
      TMPDIR: folder,
      NO_COLOR: "1",
      // Deno looks for a newer version of itself otherwise, in every process.
      DENO_NO_UPDATE_CHECK: "1",
      ...(places.update ? { SLUICE_UPDATE_GOLDEN: "1" } : {}),
      ...group.env,
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const { code, stdout, stderr } = await process.output();
  const output = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  // The closing line: "ok | 12 passed | 0 failed | 1 ignored (3s)", with steps in parentheses.
  const counted = /(\d+) passed(?: \([^)]*\))? \| (\d+) failed(?: \([^)]*\))?(?: \| (\d+) ignored)?/
    .exec(output);
  if (counted === null) return failed(group, output);
  return {
    group: group.name,
    passed: Number(counted[1]),
    failed: code !== 0 && counted[2] === "0" ? 1 : Number(counted[2]),
    ignored: Number(counted[3] ?? 0),
    seconds: (performance.now() - begun) / 1000,
    output,
  };
}

function failed(group: Group, output: string): Result {
  return { group: group.name, passed: 0, failed: 1, ignored: 0, seconds: 0, output };
}

/** The files of tests that no group before has; of examples, those that have one and are no tests. */
async function filesOf(group: Group): Promise<readonly string[]> {
  const files: string[] = [];
  for (const path of group.paths) {
    if (path.endsWith(".ts")) files.push(path);
    else await collect(path, files);
  }
  const isTest = (file: string) => file.endsWith("_test.ts");
  const hasExample = (file: string) => /```ts\b/.test(Deno.readTextFileSync(`${project}/${file}`));
  const wanted = group.doc
    ? files.filter((file) => !isTest(file) && hasExample(file))
    : files.filter((file) => isTest(file) && !isOfEarlier(group, file));
  return wanted.sort();
}

function isOfEarlier(group: Group, file: string): boolean {
  return ours.slice(0, ours.indexOf(group)).some(({ paths }) =>
    paths.some((path) => isWithin(file, path))
  );
}

/** Whether a file is the one named, or below the folder; as a shell completes it, or as we write it. */
function isWithin(file: string, named: string): boolean {
  const path = named.replace(/^\.\//, "").replace(/\/$/, "");
  return file === path || file.startsWith(`${path}/`);
}

async function collect(path: string, files: string[]): Promise<void> {
  for (const entry of await entries(path)) {
    const below = `${path}/${entry.name}`;
    if (entry.isDirectory) await collect(below, files);
    else if (entry.name.endsWith(".ts")) files.push(below);
  }
}

async function entries(path: string): Promise<readonly Deno.DirEntry[]> {
  try {
    return await Array.fromAsync(Deno.readDir(`${project}/${path}`));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function report(): void {
  for (const [group, lack] of lacking) {
    console.log(`left out: ${group.name} (needs ${lack.join(", ")})`);
  }
  if (!system && names.length === 0) {
    for (const { name, needs = [], probe } of systemGroups) {
      const all = [...needs, ...(probe === undefined ? [] : [probe.what])];
      console.log(`left out: ${name} (needs ${all.join(", ")})`);
    }
    if (systemGroups.length > 0) console.log("run them with: npx -y deno@2.9.6 task test:system");
  }
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const bad = results.reduce((sum, result) => sum + result.failed, 0);
  console.log(`${passed} passed, ${bad} failed`);
  if (bad > 0 || (passed === 0 && lacking.size === 0)) Deno.exit(1);
}
