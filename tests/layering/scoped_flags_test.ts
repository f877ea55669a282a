// flags: --allow-read=<project>
/**
 * Each process of the project starts with flags that list what they grant. A flag without a list
 * grants everything of its kind: each one that stands anywhere is written down here, with its reason.
 *
 * @module
 */
import assert from "node:assert/strict";

const project = new URL("../..", import.meta.url).pathname;

/** Flags without a list, by the process that has them: each as often as it stands there. */
const reviewed: readonly {
  readonly file: string;
  /** The task with what it starts, or the declaration that holds the flags. */
  readonly where: string;
  readonly flags: readonly string[];
  readonly why: string;
}[] = [
  ...["sluice", "par", "compile"].map((task) => ({
    file: "deno.json",
    where: `${task}: runtime/launch/main.ts`,
    flags: ["--allow-read", "--allow-env"],
    why: "the launcher, which may start deno with any flags (decision 33)",
  })),
  {
    file: "runtime/launch/compile/launcher_kit/launcher_scripts.ts",
    where: "launcherScript",
    flags: ["--allow-read", "--allow-env"],
    why: "the script of a kit, which starts its launcher as the task does",
  },
  {
    file: "runtime/demo/sluice.ts",
    where: "launcherFlags",
    flags: ["--allow-read", "--allow-env"],
    why: "starts the launcher as the task does; a test holds the two together",
  },
  {
    file: "runtime/launch/planner_flags_test.ts",
    where: "plannerFlags() gives no environment, no network and no programs",
    flags: ["--allow-read"],
    why: "the names of flags, without their lists; nothing is started with them",
  },
  {
    file: "tests/cli/start_sluice.ts",
    where: "launcherFlags",
    flags: ["--allow-read", "--allow-env"],
    why: "starts the launcher as the task does",
  },
  ...[
    "a kind is revoked whole, list or no list",
    "what is granted without a list cannot be narrowed, and says nothing",
  ].map((where) => ({
    file: "tests/deno/revoke_test.ts",
    where,
    flags: ["--allow-read"],
    why: "shows what revoking does to a grant without a list",
  })),
  {
    file: "tests/deno/files_test.ts",
    where: "making a link needs reading and writing without a list",
    flags: ["--allow-read", "--allow-write"],
    why: "shows that making a link needs them",
  },
  {
    file: "tests/hostile/steps/programs.ts",
    where: "programs",
    flags: Array(10).fill("--allow-run"),
    why: "shows of each attack that it works where nothing refuses it",
  },
  {
    file: "tests/shed/shed_test.ts",
    where: "a standalone runner takes no step what a flag wider than the set grants",
    flags: ["--allow-read"],
    why: "a runner whose flags are wider than its set, which is what is tested",
  },
  {
    file: "tests/shed/shed_test.ts",
    where: "a standalone runner gives up a whole kind that nothing needs any more",
    flags: ["--allow-env"],
    why: "a runner whose flags are wider than its set, which is what is tested",
  },
  {
    file: "tests/system/confinement_test.ts",
    where: "watchRun",
    flags: ["--allow-read", "--allow-env"],
    why: "starts the launcher as the task does, under strace",
  },
  {
    file: "tests/system/hostile/wide_test.ts",
    where: "wide",
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
  const found: (readonly [place: string, flags: string])[] = [];
  for (const file of await texts()) {
    const text = await Deno.readTextFile(project + file);
    // A test that starts nothing may speak of flags.
    if (/^tests\/|_test\.ts$/.test(file) && !/Deno\.Command|"run"/.test(text)) continue;
    for (const [where, code] of file === "deno.json" ? tasksOf(text) : partsOf(file, text)) {
      const flags = flagsOf(code);
      if (flags.length > 0) found.push([`${file}: ${where}`, flags.join(" ")]);
    }
  }
  const allowed = reviewed.map(({ file, where, flags }) => [`${file}: ${where}`, flags.join(" ")]);
  const sorted = (all: readonly (readonly string[])[]) => all.map((one) => one.join(" ")).sort();
  assert.deepEqual(sorted(found), sorted(allowed));
});

Deno.test("tasksOf() tells the processes of a task apart, and what each is given", () => {
  const task = 'X=1 deno run --allow-read "--allow-run=$(deno run --allow-env place.ts a)" ' +
    "runtime/main.ts go && deno task -q t && deno run -A other.ts";
  assert.deepEqual(
    tasksOf(JSON.stringify({ tasks: { t: task } })).map(([where, command]) =>
      [where, ...flagsOf(command)].join(" ")
    ),
    [
      "t: runtime/main.ts --allow-read",
      "t: deno task -q t",
      "t: other.ts -A",
      "t: place.ts --allow-env",
    ],
  );
});

Deno.test("partsOf() tells a second process of a file from the first", () => {
  const one = 'export const flags = ["run", "--allow-read"];\n';
  const two = 'async function start() {\n  return ["run", "--allow-read", "--allow-read"];\n}\n';
  const seen = (text: string) =>
    partsOf("x.ts", text).map(([where, code]) => [where, ...flagsOf(code)].join(" "));
  assert.deepEqual(seen(one + two), ["flags --allow-read", "start --allow-read --allow-read"]);
  assert.deepEqual(seen(`Deno.test("it's so", () => {\n  "-A";\n});\n`), ["it's so -A"]);
  assert.deepEqual(
    partsOf("x.md", "a\n\ndeno run -A x").map(([where]) => where)[2],
    "deno run -A x",
  );
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

/** The processes of each task: `NAME: what it starts` and its command line, none of another's. */
function tasksOf(text: string): readonly (readonly [where: string, command: string])[] {
  const { tasks } = JSON.parse(text);
  return Object.entries<string>(tasks).flatMap(([name, task]) =>
    processesOf(task).map((command) => [`${name}: ${startedBy(command)}`, command] as const)
  );
}

/** The command lines of one of a shell, those within `$( )` by themselves. */
function processesOf(command: string): readonly string[] {
  const inner: string[] = [];
  let outer = command;
  // The innermost first.
  for (let found; (found = /\$\(([^()]*)\)/.exec(outer)) !== null;) {
    inner.push(found[1]!);
    outer = outer.replace(found[0], "…");
  }
  return [...outer.split(/&&|\|\|?|;/), ...inner];
}

/** The last word with a dot in it, or all of the command. */
function startedBy(command: string): string {
  return command.match(/(?<=\s)[\w/]+\.ts\b/g)?.at(-1) ?? command.trim();
}

const declaration =
  /^(?=(?:export )?(?:async |function |const |let |class |interface |type )|Deno\.test\(|for \()/m;

/** The declarations of a file with what they are called; of a text for people, its lines. */
function partsOf(file: string, text: string): readonly (readonly [where: string, code: string])[] {
  const parts = file.endsWith(".ts") ? text.split(declaration) : text.split("\n");
  return parts.map((code) => {
    const [, name] = /^(?:export )?(?:async )?(?:function|const|let|class) (\w+)/.exec(code) ??
      /^Deno\.test\(\s*["'`](.*)["'`],/.exec(code) ?? [];
    return [name ?? code.split("\n")[0]!.trim(), code] as const;
  });
}

/** The flags of a text that grant all of a kind, each as often as it stands there. */
function flagsOf(text: string): readonly string[] {
  // A test file's first line says how it was started by itself; nothing reads it.
  const code = text.replaceAll(/^\/\/ flags: .*$/gm, "")
    // A sentence, or a question, about a flag.
    .replaceAll(/(?<=\s|^)`--allow-\w+`|\.startsWith\(["'][^"']*["']\)/gm, "");
  const words = [
    ...[...code.matchAll(unscoped)].map(([flag]) => flag),
    ...[...code.matchAll(short)].map(([found]) => /-[ARWNESI]/.exec(found)![0]),
  ];
  return words;
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
