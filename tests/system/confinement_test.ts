// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-net=127.0.0.1
//        --allow-run=<deno>,/usr/bin/strace,/usr/bin/ln,/usr/bin/cp
/**
 * What launcher, planner and runner start and connect to, as the kernel sees it: no word of Deno is
 * taken for it.
 *
 * @module
 */
import assert from "node:assert/strict";
import { makeAppliance, newVersion } from "./appliance.ts";
import { processCalls, processesOf, type TracedProcess } from "./processes.ts";
import { project } from "./runner_command.ts";
import { trace } from "./strace.ts";

const bubblewrap = "/usr/bin/bwrap";
const watched = ["connect", "sendto", "sendmsg", "bind"];

/** Programs that a process started, without its own start. */
function started({ calls }: TracedProcess): readonly string[] {
  return calls.filter(({ name, result }) => name === "execve" && result === "0").slice(1)
    .map(({ args }) => args);
}

/** Addresses that a process connected to, sent to, or listened on. */
function addresses({ calls }: TracedProcess): readonly string[] {
  const found = calls.flatMap(({ name, args }) => {
    const address = /\{(sa_family=[^}]*)\}/.exec(args)?.[1];
    return watched.includes(name) && address !== undefined ? [address] : [];
  });
  return [...new Set(found)];
}

for (const boxed of [false, true]) {
  const where = boxed ? "in a box" : "in no box";
  Deno.test(
    `the planner starts and connects to nothing, the runner, ${where}, to its address only`,
    () => watchRun(boxed ? [bubblewrap] : []),
  );
}

async function watchRun(boxes: readonly string[]): Promise<void> {
  const folder = await Deno.makeTempDir();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => Response.json({ status: "ok" }),
  );
  const { port } = server.addr;
  // Five answers take a second: Deno begins to look for a newer version of itself after half of it.
  await Deno.writeTextFile(
    `${folder}/probe.yaml`,
    `sluice: v1
name: probe
steps:
  - id: up
    uses: http.probe
    with: { url: "http://127.0.0.1:${port}/", good_answers: 5, deadline: 10s }
`,
  );
  const deno = Deno.execPath();
  const { code, calls, stderr } = await trace([
    deno,
    ...["run", "--quiet", "--no-prompt", "--no-check", "--cached-only"],
    ...["--allow-read", "--allow-env", `--allow-run=${[deno, ...boxes].join(",")}`],
    `${project}/runtime/launch/main.ts`,
    ...["run", `${folder}/probe.yaml`, "--runs", `${folder}/runs`],
  ], { calls: [...processCalls, ...watched] });
  await server.shutdown();
  assert.equal(code, 0, stderr);

  const all = processesOf(calls);
  // What bubblewrap starts before the runner is bubblewrap still.
  const processes = all.filter(({ argv }) => argv[0] === deno);
  const others = new Set(all.map(({ argv }) => argv[0]).filter((name) => name !== deno));
  // The probe for a box has a shell in it.
  assert.deepEqual(
    [...others].filter((name) => name !== undefined),
    boxes.length === 0 ? [] : [...boxes, "/bin/sh"],
  );
  const one = (entry: string) => {
    const found = processes.filter(({ argv }) => argv.includes(`${project}/runtime/${entry}`));
    assert.equal(found.length, 1, `${entry} was started ${found.length} times`);
    return found[0]!;
  };
  const [launcher, planner, runner] = [one("launch/main.ts"), one("planner.ts"), one("runner.ts")];
  assert.deepEqual(started(planner), []);
  assert.deepEqual(addresses(planner), []);
  assert.deepEqual(started(runner), []);
  assert.deepEqual(addresses(runner), [
    `sa_family=AF_INET, sin_port=htons(${port}), sin_addr=inet_addr("127.0.0.1")`,
  ]);
  assert.deepEqual(addresses(launcher), []);
  // Whatever else there is was started by the launcher, and has neither network nor programs.
  for (const { argv } of processes) {
    if (argv.includes(`${project}/runtime/launch/main.ts`)) continue;
    assert.ok(!argv.some((flag) => /^(-A|--allow-all|--allow-run)/.test(flag)), argv.join(" "));
    const net = argv.filter((flag) => flag.startsWith("--allow-net"));
    const isRunner = argv.includes(`${project}/runtime/runner.ts`);
    assert.deepEqual(net, isRunner ? [`--allow-net=127.0.0.1:${port}`] : []);
  }
}

Deno.test("the runner of an apply starts ln and nothing else, and connects to service and supervisor", async () => {
  const top = await Deno.makeTempDir();
  await using appliance = await makeAppliance({ top });
  const plan = await appliance.apply(newVersion);
  const { code, calls, stderr } = await trace(await appliance.command(plan, "watched"), {
    calls: [...processCalls, ...watched],
  });
  assert.equal(code, 0, stderr);
  const [runner, ...children] = processesOf(calls);
  const port = Number(new URL(appliance.health).port);
  assert.deepEqual(addresses(runner!), [
    `sa_family=AF_UNIX, sun_path="${top}/s"`,
    `sa_family=AF_INET, sin_port=htons(${port}), sin_addr=inet_addr("127.0.0.1")`,
  ]);
  assert.deepEqual(started(runner!), []);
  assert.deepEqual(children.map(({ argv }) => argv[0]), ["/usr/bin/ln", "/usr/bin/ln"]);
  for (const child of children) assert.deepEqual(addresses(child), []);
});
