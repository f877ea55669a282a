// flags: --allow-read=<project>
/**
 * Each process of the project starts with flags that list what they grant. A flag without a list
 * grants everything of its kind: each one that stands anywhere is written down here, with its reason.
 *
 * @module
 */
import assert from "node:assert/strict";

const project = new URL("../..", import.meta.url).pathname;

/** Flags without a list, by the file that holds them. */
const reviewed: readonly { file: string; flags: readonly string[]; why: string }[] = [
  {
    file: "deno.json",
    flags: ["--allow-read", "--allow-env"],
    why: "the task sluice: the launcher, which may start deno with any flags (decision 33)",
  },
  {
    file: "runtime/launch/compile/launcher_kit/launcher_scripts.ts",
    flags: ["--allow-read", "--allow-env"],
    why: "the script of a kit, which starts its launcher as the task does",
  },
  {
    file: "runtime/demo/sluice.ts",
    flags: ["--allow-read", "--allow-env"],
    why: "starts the launcher as the task does; a test holds the two together",
  },
  {
    file: "runtime/launch/planner_flags_test.ts",
    flags: ["--allow-read"],
    why: "the names of flags, without their lists; nothing is started with them",
  },
  {
    file: "tests/cli/start_sluice.ts",
    flags: ["--allow-read", "--allow-env"],
    why: "starts the launcher as the task does",
  },
  {
    file: "tests/deno/revoke_test.ts",
    flags: ["--allow-read"],
    why: "shows what revoking does to a grant without a list",
  },
  {
    file: "tests/deno/files_test.ts",
    flags: ["--allow-read", "--allow-write"],
    why: "shows that making a link needs them",
  },
  {
    file: "tests/hostile/steps/programs.ts",
    flags: ["--allow-run"],
    why: "shows that an attack works where nothing refuses it",
  },
  {
    file: "tests/shed/shed_test.ts",
    flags: ["--allow-read", "--allow-env"],
    why: "a runner whose flags are wider than its set, which is what is tested",
  },
  {
    file: "tests/system/confinement_test.ts",
    flags: ["--allow-read", "--allow-env"],
    why: "starts the launcher as the task does, under strace",
  },
  {
    file: "tests/system/hostile/wide_test.ts",
    flags: [
      "--allow-read",
      "--allow-write",
      "--allow-net",
      "--allow-env",
      "--allow-sys",
      "--allow-run",
    ],
    why: "shows what a box stops where Deno stops nothing",
  },
];

const kinds = "read|write|net|env|sys|run|ffi|import|scripts|hrtime";
/** A flag as a word of its own, with nothing after it; not part of a longer text for people. */
const unscoped = new RegExp(
  `(?<=^|[\\s"'\`(\\[])--allow-(?:${kinds})(?=$|[\\s"'\`\\])\\\\])`,
  "gm",
);
/** Deno's short forms: in a list of arguments, or after `deno run`. */
const short =
  /["'`]-[ARWNESI]["'`]|\bdeno (?:run|test|serve|compile|bench|eval)\b[^"'`\n]*\s-[ARWNESI]\b/g;

Deno.test("every flag that grants something lists what it grants, or is reviewed", async () => {
  const found: Record<string, readonly string[]> = {};
  for (const file of await texts()) {
    const text = await Deno.readTextFile(project + file);
    // A test that starts nothing may speak of flags.
    if (/^tests\/|_test\.ts$/.test(file) && !/Deno\.Command|"run"/.test(text)) continue;
    const flags = flagsOf(text);
    if (flags.length > 0) found[file] = flags;
  }
  const allowed = Object.fromEntries(reviewed.map(({ file, flags }) => [file, flags]));
  assert.deepEqual(found, allowed);
});

Deno.test("flagsOf() finds what is unscoped, however it is written", () => {
  assert.deepEqual(flagsOf('["run", "--allow-read", `--allow-run=${deno}`]'), ["--allow-read"]);
  assert.deepEqual(flagsOf('"deno run -q --allow-env --allow-read=. main.ts"'), ["--allow-env"]);
  assert.deepEqual(flagsOf('"deno run \\"--allow-write\\" main.ts"'), ["--allow-write"]);
  assert.deepEqual(flagsOf("deno run -q -A main.ts"), ["-A"]);
  assert.deepEqual(flagsOf('["test", "-R", "x"]'), ["-R"]);
  assert.deepEqual(flagsOf("--allow-read=/srv --allow-net=127.0.0.1"), []);
  assert.deepEqual(flagsOf("`--allow-run` names the program; argv.startsWith('--allow-net')"), []);
});

Deno.test("every deno that a task starts asks nobody for more", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${project}deno.json`));
  for (const [name, command] of Object.entries<string>(tasks)) {
    for (const [run] of command.matchAll(/\bdeno run\b(?:(?!\bdeno run\b|&&).)*/g)) {
      assert.match(run, /--no-prompt/, `${name}: ${run}`);
    }
  }
});

/** The flags of a text that grant all of a kind: each once, in their order. */
function flagsOf(text: string): readonly string[] {
  // A test file's first line says how it was started by itself; nothing reads it.
  const code = text.replaceAll(/^\/\/ flags: .*$/gm, "")
    // A sentence, or a question, about a flag.
    .replaceAll(/(?<=\s|^)`--allow-\w+`|\.startsWith\(["'][^"']*["']\)/gm, "");
  const words = [
    ...[...code.matchAll(unscoped)].map(([flag]) => flag),
    ...[...code.matchAll(short)].map(([found]) => /-[ARWNESI]/.exec(found)![0]),
  ];
  return [...new Set(words)];
}

/** What starts processes, and what tells people how to. */
async function texts(): Promise<readonly string[]> {
  const files = ["deno.json", ".ci/run", "README.md", "CONTRIBUTING.md"];
  const walk = async (folder: string): Promise<void> => {
    for await (const { name, isDirectory } of Deno.readDir(project + folder)) {
      const path = `${folder}/${name}`;
      if (isDirectory) await walk(path);
      // What is about flags, and starts nothing: the engine, and these tests.
      else if (/\.(ts|md|sh)$/.test(name) && !/^tests\/layering\//.test(path)) files.push(path);
    }
  };
  for (const folder of ["steps", "runtime", "tests", "docs"]) await walk(folder);
  return files;
}
