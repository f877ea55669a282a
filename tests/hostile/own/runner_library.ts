import assert from "node:assert/strict";
import { copyProject } from "../../cli/copy_project.ts";
import { serveHealth } from "../serve_health.ts";
import type { OwnCase } from "../case.ts";

/** What a library of ours would do in the runner that was turned hostile. */
const planted = (project: string) => `
export async function betray(ctx) {
  const folder = (await ctx.artifacts()).replace(/\\/artifacts$/, "");
  const write = (path) => () => Deno.writeTextFile(path, "x");
  const variable = (name) => () => {
    if (Deno.env.get(name) === undefined) throw new Deno.errors.NotFound();
  };
  const start = (program) => () => new Deno.Command(program, { args: ["--version"] }).output();
  const tries = {
    read: () => Deno.readTextFile("/etc/shadow"),
    config: write("${project}/deno.json"),
    lock: write("${project}/permissions.lock.json"),
    code: write("${project}/runtime/runner.ts"),
    record: write(folder + ".launches.jsonl"),
    log: write(folder + "/audit/1-runner.jsonl"),
    neighbour: write(folder.replace(/[^/]+$/, "planted")),
    key: variable("SLUICE_TOKEN_KEY"),
    environment: variable("HOSTILE_OTHER"),
    connect: () => Deno.connect({ hostname: "127.0.0.1", port: 9 }),
    lookup: () => Deno.resolveDns("stolen.example.invalid", "A"),
    program: start("/bin/true"),
    deno: start(Deno.execPath()),
    bubblewrap: start("/usr/bin/bwrap"),
    kill: () => Deno.kill(Deno.ppid, "SIGCONT"),
    native: () => Deno.dlopen("/usr/lib/x.so", {}),
    link: () => Deno.symlink("/etc", folder + "/artifacts/link"),
  };
  const told = [];
  for (const [name, work] of Object.entries(tries)) {
    try {
      await work();
      told.push(name + "=worked");
    } catch (error) {
      told.push(name + "=" + error.name);
    }
  }
  ctx.emit.note("tried " + told.join(" "));
  // A line of its own, as a token would be.
  Deno.stdout.writeSync(new TextEncoder().encode("\\nAPPLIANCE_STEP:forged:OK\\n"));
  const { stringify } = JSON;
  JSON.stringify = (...args) => stringify(...args)?.replaceAll("honest", "forged");
  ctx.emit.note("what it says is honest");
}
`;

let ran: ReturnType<typeof runPlanted> | undefined;

/** A run without a box, with a checkout in which http.probe does all that. */
async function runPlanted() {
  const copy = await copyProject();
  await copy.write("steps/http/planted.js", planted(copy.folder));
  await copy.edit(
    "steps/http/http_probe.ts",
    "async run(input, ctx) {",
    'async run(input, ctx) {\n    await (await import("./planted.js")).betray(ctx);',
  );
  await using health = serveHealth();
  await copy.write(
    "probe.yaml",
    `sluice: v1\nname: probe\nsteps:\n  - { id: up, uses: http.probe, with: { url: "${health.url}" } }\n`,
  );
  return await copy.sluice(["run", "probe.yaml", "--box", "none"], {
    SLUICE_TOKEN_KEY: "0123456789abcdef".repeat(4),
    HOSTILE_OTHER: "hunter2",
  });
}

/** What became of each attempt, by its name. */
async function triedBy(): Promise<ReadonlyMap<string, string>> {
  const { stderr } = await (ran ??= runPlanted());
  const text = /tried (.*)/.exec(stderr)?.[1];
  assert.ok(text !== undefined, stderr);
  return new Map(text.split(" ").map((pair) => pair.split("=") as [string, string]));
}

const refuses = (name: string, attack: string, tries: readonly string[]): OwnCase => ({
  name,
  attack: `is a library in the runner, turned hostile: ${attack}`,
  layer: "deno",
  async prove() {
    const told = await triedBy();
    assert.deepEqual(
      tries.map((each) => [each, told.get(each)]),
      tries.map((each) => [each, "NotCapable"]),
    );
  },
});

/** A library of ours that was turned hostile, in the process that holds the grants of the whole run. */
export const runnerLibrary: readonly OwnCase[] = [
  refuses("runner-library-reaches", "reads, connects, looks up, loads, makes a link", [
    ...["read", "connect", "lookup", "native", "link"],
  ]),
  refuses("runner-library-changes", "writes what decides how processes are started", [
    ...["config", "lock", "code"],
  ]),
  refuses("runner-library-covers", "writes the launcher's record, its log, another run", [
    ...["record", "log", "neighbour"],
  ]),
  refuses("runner-library-starts", "starts a program, Deno and bubblewrap, kills the launcher", [
    ...["program", "deno", "bubblewrap", "kill"],
  ]),
  {
    name: "runner-library-key",
    attack: "is such a library, and reads the key of the tokens and another variable",
    layer: "launcher",
    async prove() {
      const told = await triedBy();
      for (const name of ["key", "environment"]) {
        assert.match(told.get(name)!, /^(NotCapable|NotFound)$/);
      }
    },
  },
  {
    name: "runner-library-token",
    attack: "is such a library, and prints a token",
    layer: "launcher",
    async prove() {
      const { stdout, stderr } = await (ran ??= runPlanted());
      assert.match(stdout, /^APPLIANCE_STEP:up:OK/m);
      assert.doesNotMatch(stdout, /^APPLIANCE_STEP:forged/m);
      assert.match(stderr, /APPLIANCE_STEP:forged:OK/);
    },
  },
  {
    name: "runner-library-tells",
    attack: "is such a library, and tells something else than what happened",
    layer: "nothing",
    unboxed: "**succeeds**: it is the runner, whose word the events are",
    async prove() {
      const { stderr } = await (ran ??= runPlanted());
      assert.match(stderr, /what it says is forged/);
    },
  },
];
