// flags: --allow-read --allow-write=<tmp> --allow-run=<deno>
import assert from "node:assert/strict";
import type { PlannerContext, PlannerMessage } from "./launch/planner_protocol.ts";

const project = decodeURIComponent(new URL("..", import.meta.url).pathname).replace(/\/$/, "");

/** Starts the planner as the launcher does, answers what it asks, and tells how it ended. */
async function plan(
  args: readonly string[],
  { cwd, env = {}, stdin = "" }: {
    readonly cwd: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly stdin?: string;
  },
) {
  const runs = `${cwd}/.sluice/runs`;
  const context: PlannerContext = {
    cwd,
    project,
    runs,
    tmp: "/tmp",
    deno: "/deno",
    color: false,
    columns: 100,
  };
  return await start([`--sluice-context=${JSON.stringify(context)}`, ...args], cwd, env, stdin);
}

async function start(
  args: readonly string[],
  readable: string,
  env: Readonly<Record<string, string>> = {},
  stdin = "",
) {
  await using child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--cached-only",
      "--ignore-env",
      `--allow-read=${readable}`,
      `${project}/runtime/planner.ts`,
      ...args,
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(child.stderr).text();
  const input = child.stdin.getWriter();
  const write = (text: string) => input.write(new TextEncoder().encode(text));
  const messages: PlannerMessage[] = [];
  let open = "";
  for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (open + piece).split("\n");
    open = lines.pop()!;
    for (const line of lines) {
      const message: PlannerMessage = JSON.parse(line);
      messages.push(message);
      if (message.type === "want-env") {
        const values = Object.fromEntries(
          Object.entries(env).filter(([name]) => message.names.includes(name)),
        );
        await write(JSON.stringify({ type: "env", values, alike: [] }) + "\n");
      } else if (message.type === "want-stdin") {
        await write(stdin);
        await input.close();
      }
    }
  }
  await input.close().catch(() => {});
  return { messages, err: await stderr, exit: (await child.status).code };
}

const pipeline = `sluice: v1
name: probe
params: { health: { type: url, env: HEALTH } }
steps:
  - { id: probe, uses: http.probe, with: { url: "\${{ params.health }}" } }
`;

async function withPipeline(test: (cwd: string) => Promise<void>): Promise<void> {
  const cwd = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${cwd}/probe.yaml`, pipeline);
    await test(cwd);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

Deno.test("the planner asks for variables by name, and last for a launch", async () => {
  await withPipeline(async (cwd) => {
    const env = { HEALTH: "http://127.0.0.1:7443/", OTHER: "x" };
    const { messages, err, exit } = await plan(["run", "probe.yaml"], { cwd, env });
    assert.deepEqual([exit, err], [0, ""]);
    const [first, last, ...more] = messages;
    assert.deepEqual(first, { type: "want-env", names: ["HEALTH"] });
    assert.equal(last?.type, "launch");
    assert.deepEqual(last.request.permissions.connect, ["127.0.0.1:7443"]);
    assert.deepEqual(more, []);
  });
});

Deno.test("the planner asks for standard input after variables", async () => {
  await withPipeline(async (cwd) => {
    const stdin = 'APPLIANCE_STEP:a:OK:{"skipped":true,"run":"r","seq":1}\nmore\n'.repeat(2_000);
    const { messages, exit } = await plan(["tokens", "-", "--as", "json"], { cwd, stdin });
    assert.deepEqual(messages.map(({ type }) => type), ["want-env", "want-stdin", "output"]);
    assert.equal(exit, 1);
    const shown = messages.at(-1);
    assert.equal(shown?.type === "output" && JSON.parse(shown.text).problems.length, 1_999);
  });
});

Deno.test("the planner cannot read what it was not given", async () => {
  await withPipeline(async (cwd) => {
    const { messages, err, exit } = await plan(["check", "/etc/hostname"], { cwd });
    assert.deepEqual([exit, messages], [2, []]);
    assert.match(err, /is no file that may be read/);
  });
});

Deno.test("the planner without a launcher is a bug, told in one line", async () => {
  const { err, exit } = await start(["run", "x.yaml"], "/nowhere");
  assert.equal(exit, 70);
  assert.match(err, /^sluice: bug: .*without a launcher.*\n$/);
});

Deno.test("the planner leaves without a word when its launcher is gone", async () => {
  const cwd = await Deno.realPath(await Deno.makeTempDir());
  await Deno.writeTextFile(
    `${cwd}/x.yaml`,
    `sluice: v1
name: x
params: { root: { type: path, env: X_ROOT } }
steps:
  - { id: a, uses: release.lock, with: { root: "\${{ params.root }}" } }
`,
  );
  const runs = `${cwd}/runs`;
  const context = { cwd, project, runs, tmp: "/tmp", deno: "/deno", color: false, columns: 80 };
  await using child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", "--cached-only", "--ignore-env"],
      `--allow-read=${cwd}`,
      `${project}/runtime/planner.ts`,
      `--sluice-context=${JSON.stringify(context)}`,
      ...["plan", "x.yaml"],
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  // Nobody answers what it asks first.
  const [{ code }, stdout, stderr] = await Promise.all([
    child.status,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  assert.match(stdout, /^\{"type":"want-/);
  assert.deepEqual({ code, stderr }, { code: 130, stderr: "" });
});
