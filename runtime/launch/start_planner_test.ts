// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno> --allow-env=<what Deno needs>,SLUICE_*
import assert from "node:assert/strict";
import { FailedError } from "../../engine/errors.ts";
import { none } from "../../engine/permissions/permissions.ts";
import type { AskedSet, LaunchRequest } from "./planner_protocol.ts";
import { type Answers, startPlanner } from "./start_planner.ts";
import { placesIn } from "./test_places.ts";

const prologue = `
const say = (message) => Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(message) + "\\n"));
const context = JSON.parse(Deno.args[0].slice("--sluice-context=".length));
async function line() {
  let text = "";
  const one = new Uint8Array(1);
  while (await Deno.stdin.read(one) !== null && one[0] !== 10) text += String.fromCharCode(one[0]);
  return JSON.parse(text);
}
`;

async function plan(script: string, stdin = "", abort?: AbortController) {
  const project = await Deno.realPath(await Deno.makeTempDir());
  await Deno.mkdir(`${project}/runtime`);
  await Deno.writeTextFile(`${project}/deno.json`, "{}");
  await Deno.writeTextFile(`${project}/runtime/planner.ts`, prologue + script);
  const places = placesIn(project, project);
  const written = { stdout: "", stderr: "" };
  const terminal = {
    stdin: new Blob([stdin]).stream(),
    stdout(text: string) {
      written.stdout += text;
      if (text === "waiting") abort?.abort();
    },
    stderr: (text: string) => void (written.stderr += text),
    color: false,
    columns: 80,
  };
  const signal = abort?.signal ?? new AbortController().signal;
  const asked: AskedSet[] = [];
  const foreseen: LaunchRequest[] = [];
  const answers: Answers = {
    programs: () => ({ ln: { path: "/usr/bin/ln", real: "/usr/bin/coreutils" } }),
    judgement(one) {
      asked.push(one);
      return Promise.resolve({ allowed: true, by: "the ceiling of the surface links" });
    },
    box: () => Promise.resolve({ kind: "bubblewrap" }),
    describerBox: () => Promise.resolve({ kind: "none", why: "a test" }),
    foresee: (request) => foreseen.push(request),
  };
  const getAnswers = () => Promise.resolve(answers);
  const planned = await startPlanner(["run", "x.yaml"], places, terminal, signal, getAnswers);
  return { planned, project, asked, foreseen, ...written };
}

Deno.test("startPlanner() tells the planner where it is, and hands on its output and its code", async () => {
  const { planned, project, stdout } = await plan(`
    const { cwd, project, runs, columns } = context;
    say({ type: "output", text: [cwd, project, runs, columns, ...Deno.args.slice(1)].join(" ") });
    Deno.exit(3);
  `);
  assert.deepEqual(planned, { kind: "ended", exit: 3 });
  assert.equal(stdout, `${project} ${project} ${project}/runs 80 run x.yaml`);
});

Deno.test("startPlanner() answers with the named variables, but never with the key of tokens", async () => {
  Deno.env.set("SLUICE_LAUNCH_TEST", "value");
  Deno.env.set("SLUICE_TOKEN_KEY", "key");
  try {
    const { stdout } = await plan(`
      say({ type: "want-env", names: ["SLUICE_LAUNCH_TEST", "SLUICE_TOKEN_KEY", "SLUICE_LAUNCH_OTHER", "A=B"] });
      say({ type: "output", text: JSON.stringify(await line()) + Deno.env.get("SLUICE_LAUNCH_TEST") });
    `);
    assert.equal(
      stdout,
      '{"type":"env","values":{"SLUICE_LAUNCH_TEST":"value"},"alike":[]}undefined',
    );
  } finally {
    Deno.env.delete("SLUICE_LAUNCH_TEST");
    Deno.env.delete("SLUICE_TOKEN_KEY");
  }
});

Deno.test("startPlanner() answers where programs are, and what the lock says of a set", async () => {
  const { stdout, asked } = await plan(`
    say({ type: "want-programs", names: ["ln"] });
    say({ type: "output", text: (await line()).found.ln.real });
    say({ type: "want-judgement", asked: { permissions: { read: ["/srv"] }, surface: "links" } });
    say({ type: "output", text: (await line()).judgement.by });
  `);
  assert.equal(stdout, "/usr/bin/coreutilsthe ceiling of the surface links");
  assert.deepEqual(asked, [{ permissions: { ...none, read: ["/srv"] }, surface: "links" }]);
});

Deno.test("startPlanner() hands on standard input when it is wanted, to its end", async () => {
  const text = "a line\n".repeat(50_000);
  const { stdout } = await plan(
    `
    say({ type: "want-stdin" });
    const text = await new Response(Deno.stdin.readable).text();
    say({ type: "output", text: String(text.length) });
    `,
    text,
  );
  assert.equal(stdout, String(text.length));
});

Deno.test("startPlanner() gives the request of a planner that ended well, and only then", async () => {
  const request = {
    mode: { kind: "resume", again: true },
    plan: { name: "x" },
    permissions: none,
    set: "sha256:1",
    file: "/x.yaml",
    run: { id: "r1", folder: "/runs/r1" },
    tokens: "line",
    events: "json",
    accept: "sha256:1",
  };
  const launch = `say({ type: "launch", request: ${JSON.stringify(request)} });`;
  assert.deepEqual((await plan(launch)).planned, { kind: "launch", request });
  const failed = await plan(`${launch} Deno.exit(2)`);
  assert.deepEqual(failed.planned, { kind: "ended", exit: 2 });
  assert.deepEqual(failed.foreseen, [request]);
});

Deno.test("startPlanner() calls an end that nobody knows a bug, and a lone line output", async () => {
  const { planned, stderr } = await plan(`console.log("by a library"); Deno.exit(99);`);
  assert.deepEqual(planned, { kind: "ended", exit: 70 });
  assert.equal(stderr, "by a library\n");
});

Deno.test("startPlanner() has Deno write no colours where nobody sees them", async () => {
  const before = Deno.env.get("NO_COLOR");
  Deno.env.delete("NO_COLOR");
  try {
    const { stdout } = await plan(`say({ type: "output", text: String(Deno.noColor) });`);
    assert.equal(stdout, "true");
  } finally {
    if (before !== undefined) Deno.env.set("NO_COLOR", before);
  }
});

Deno.test("startPlanner() takes a planner that cannot be loaded for no difference, and no bug", async () => {
  await assert.rejects(() => plan(`import "./missing.ts";`), (error) => {
    assert.ok(error instanceof FailedError);
    assert.equal(error.message, "the planner could not start");
    assert.match(error.hint!, /Deno's cache, \/.+: deno cache \/.+\/runtime\/planner\.ts$/);
    return true;
  });
  const { planned } = await plan(`say({ type: "output", text: "line 3" }); Deno.exit(1);`);
  assert.deepEqual(planned, { kind: "ended", exit: 1 });
});

Deno.test("startPlanner() refuses a request that is not one", async () => {
  const good = {
    mode: { kind: "run" },
    plan: {},
    permissions: none,
    set: "",
    run: { id: "r1", folder: "/runs/r1" },
    tokens: "line",
    events: "text",
  };
  const bad = [
    { ...good, permissions: { ...none, reed: [] } },
    { ...good, permissions: { ...none, read: [1] } },
    { ...good, run: { id: "../r1", folder: "/runs/../r1" } },
    { ...good, run: { id: "r1", folder: "/runs/../r1" } },
    { ...good, file: 1 },
    { ...good, mode: { kind: "other" } },
    { ...good, plan: "x" },
  ];
  for (const request of bad) {
    const script = `say({ type: "launch", request: ${JSON.stringify(request)} });`;
    await assert.rejects(() => plan(script), /planner asked|permissions/, JSON.stringify(request));
  }
});

Deno.test("startPlanner() ends the planner when the user asks for the end", async () => {
  const { planned } = await plan(
    `say({ type: "output", text: "waiting" }); setInterval(() => {}, 1000);`,
    "",
    new AbortController(),
  );
  assert.deepEqual(planned, { kind: "ended", exit: 130 });
});
