// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno> --allow-env=<what Deno needs>,SLUICE_*
import assert from "node:assert/strict";
import type { Event } from "../../engine/events/event.ts";
import { none, permissions } from "../../engine/permissions/permissions.ts";
import type { Box } from "./box.ts";
import type { LaunchRequest } from "./planner_protocol.ts";
import { runnerCommand } from "./runner_command.ts";
import { startRunner } from "./start_runner.ts";
import { placesIn } from "./test_places.ts";

/** What the scripts below begin with: the request, and a way to say things. */
const prologue = `
const input = Deno.stdin.readable.pipeThrough(new TextDecoderStream()).getReader();
let held = "";
async function line() {
  while (!held.includes("\\n")) {
    const { value, done } = await input.read();
    if (done) return;
    held += value;
  }
  const end = held.indexOf("\\n");
  const found = held.slice(0, end);
  held = held.slice(end + 1);
  return JSON.parse(found);
}
const print = (text) => Deno.stdout.writeSync(new TextEncoder().encode(text));
const { nonce, run } = await line();
let seq = 0;
const say = (message, at = ++seq) => print("\\n" + JSON.stringify({ sluice: nonce, seq: at, message }) + "\\n");
const base = { v: 1, run: run.id, time: "2026-01-02T03:04:05.006Z" };
const event = (more) => say({ type: "event", event: { ...base, ...more } });
const tellEnd = (exit) => event({ type: "run.finished", outcome: "done", exit, elapsed_s: 0 });
const finish = (exit) => { tellEnd(exit); Deno.exit(exit); };
`;

/** The same in a box is looked at in tests/system/box_test.ts: there is not one on every machine. */
const box: Box = { kind: "none", why: "not looked for" };

/** A project whose runner is a script. */
async function start(script: string, more: Partial<LaunchRequest> = {}) {
  const project = await Deno.realPath(await Deno.makeTempDir());
  await Deno.mkdir(`${project}/runtime`);
  await Deno.writeTextFile(`${project}/deno.json`, "{}");
  await Deno.writeTextFile(`${project}/runtime/runner.ts`, prologue + script);
  const places = placesIn(project, project);
  const request: LaunchRequest = {
    mode: { kind: "run" },
    plan: {},
    permissions: none,
    set: "",
    run: { id: "r1", folder: `${project}/runs/r1` },
    tokens: "line",
    events: "text",
    ...more,
  };
  const events: Event[] = [];
  const output: string[] = [];
  const said = Promise.withResolvers<void>();
  const sink = {
    event: (event: Event) => void events.push(event),
    output(text: string) {
      output.push(text);
      if (text === "ready") said.resolve();
    },
  };
  await Deno.mkdir(`${project}/runs/r1/audit`, { recursive: true });
  const command = runnerCommand(request, {}, box, places);
  const runner = startRunner(command, { request, programs: {}, box, process: 1 }, places, {
    sinks: [sink],
    room: () => Promise.resolve(),
  });
  return { ...runner, events, output, ready: said.promise };
}

Deno.test("startRunner() shows events in order and ends with the code of the last", async () => {
  const { end, events, output } = await start(`
    event({ type: "note", step: "A", text: "one" });
    event({ type: "note", step: "A", text: "two" });
    finish(3);
  `);
  assert.deepEqual(await end, { kind: "finished", exit: 3 });
  assert.deepEqual(events.map(({ type }) => type), ["note", "note", "run.finished"]);
  assert.deepEqual(output, []);
});

Deno.test("startRunner() takes forged and torn lines for output, never for events", async () => {
  const forged = JSON.stringify({
    sluice: "guess",
    seq: 1,
    message: { type: "event", event: { type: "run.finished", exit: 0 } },
  });
  const { end, events, output } = await start(`
    print('APPLIANCE_STEP:P5-4:OK:{"run":"r1","seq":1}\\n');
    print(${JSON.stringify(forged)} + "\\n");
    print("no end of line");
    finish(4);
  `);
  assert.deepEqual(await end, { kind: "finished", exit: 4 });
  assert.deepEqual(events.map(({ type }) => type), ["run.finished"]);
  assert.deepEqual(output, [
    'APPLIANCE_STEP:P5-4:OK:{"run":"r1","seq":1}',
    forged,
    "no end of line",
  ]);
});

Deno.test("startRunner() shows standard error as output", async () => {
  const { end, output } = await start(`console.error("hello"); finish(0);`);
  assert.equal((await end).kind, "finished");
  assert.deepEqual(output, ["hello"]);
});

Deno.test("startRunner() kills a runner whose messages have a gap", async () => {
  const { end } = await start(`
    event({ type: "note", step: "A", text: "one" });
    say({ type: "aborting" }, 7);
    await line();
  `);
  assert.deepEqual(await end, {
    kind: "lost",
    how: "its messages are damaged: message 2 was expected, 7 came",
  });
});

Deno.test("startRunner() calls a runner lost that ends without a last event", async () => {
  const { end } = await start(`event({ type: "note", step: "A", text: "x" }); Deno.exit(0);`);
  assert.deepEqual(await end, { kind: "lost", how: "it ended with 0" });
});

Deno.test("startRunner() hands on why a run could not begin", async () => {
  const { end } = await start(`
    say({ type: "stopped", exit: 64, message: "there is a run already", hint: "resume it" });
    Deno.exit(64);
  `);
  assert.deepEqual(await end, {
    type: "stopped",
    kind: "stopped",
    exit: 64,
    message: "there is a run already",
    hint: "resume it",
  });
});

Deno.test("startRunner() gives the environment that the set names, and no other", async () => {
  const set = permissions({ env: ["SLUICE_LAUNCH_TEST", "SLUICE_TOKEN_KEY"] });
  Deno.env.set("SLUICE_LAUNCH_TEST", "given");
  Deno.env.set("SLUICE_LAUNCH_OTHER", "not given");
  Deno.env.set("SLUICE_TOKEN_KEY", "not given");
  try {
    const { end, output } = await start(
      `
      console.error(Deno.env.get("SLUICE_LAUNCH_TEST"), Deno.env.get("SLUICE_TOKEN_KEY"));
      try { Deno.env.get("SLUICE_LAUNCH_OTHER"); } catch (error) { console.error(error.name); }
      finish(0);
      `,
      { permissions: set },
    );
    await end;
    assert.deepEqual(output, ["given undefined", "NotCapable"]);
  } finally {
    for (const name of ["LAUNCH_TEST", "LAUNCH_OTHER", "TOKEN_KEY"]) {
      Deno.env.delete(`SLUICE_${name}`);
    }
  }
});

Deno.test("startRunner() asks for the end, and lets a runner that answers undo in peace", async () => {
  const { end, interrupt, ready, events } = await start(`
    print("ready\\n");
    const { type, reason } = await line();
    say({ type: "aborting" });
    const patience = setTimeout(() => { event({ type: "note", step: "A", text: type + reason }); finish(130); }, 2500);
  `);
  await ready;
  interrupt("SIGINT", 1);
  assert.deepEqual(await end, { kind: "finished", exit: 130 });
  assert.deepEqual(events.map((event) => event.type === "note" ? event.text : event.type), [
    "abortSIGINT",
    "run.finished",
  ]);
});

Deno.test("startRunner() kills a runner that does not answer", async () => {
  const { end, interrupt, ready } = await start(`print("ready\\n"); setInterval(() => {}, 1000);`);
  await ready;
  interrupt("SIGTERM", 1);
  assert.deepEqual(await end, {
    kind: "lost",
    how: "it did not answer the request to stop within 2 s",
  });
});

Deno.test("startRunner() kills at the third request, whatever was answered", async () => {
  const { end, interrupt, ready } = await start(`
    print("ready\\n");
    for (let count = 0; count < 2; count++) { await line(); say({ type: "aborting" }); }
    setInterval(() => {}, 1000);
  `);
  await ready;
  for (const count of [1, 2, 3]) interrupt("SIGINT", count);
  assert.deepEqual(await end, { kind: "lost", how: "it was killed at the third request" });
});

Deno.test("startRunner() ends a runner that does not end after its last event", async () => {
  const { end } = await start(`tellEnd(0); setInterval(() => {}, 1000);`);
  assert.deepEqual(await end, { kind: "finished", exit: 0 });
});
