// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-net=127.0.0.1 --allow-run=<deno>,/usr/bin/ln
/**
 * What a runner has given up is gone: shown by trying it, in the real process, whether the launcher
 * started it or it was started by itself.
 *
 * @module
 */
import assert from "node:assert/strict";
import { makeBed, type TriedPipeline, type Way, ways } from "./bed.ts";
import type { Operation } from "./operations.ts";

const bed = await makeBed(["a", "b", "undo", "finally", "held"]);
const { file } = bed;

function test(name: string, body: (way: Way) => Promise<void>): void {
  for (const way of ways) Deno.test(`a ${way} runner ${name}`, () => body(way));
}

const reads = (name: string) => ({
  may: { read: [file(name)] },
  tries: [["read", file(name)]] as Operation[],
});

async function notesOf(pipeline: TriedPipeline, way: Way): Promise<readonly string[]> {
  return (await bed.run(pipeline, way)).notes;
}

test("cannot do what only a step that has ended was granted, of every kind", async (way) => {
  using server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = server.addr as Deno.NetAddr;
  const accepting = (async () => {
    for await (const connection of server) connection.close();
  })();
  const socket = file("socket");
  const tries: Operation[] = [
    ["read", file("a")],
    ["write", file("a")],
    ["connect", "127.0.0.1", port],
    ["listen", "127.0.0.1"],
    ["socket", socket],
    ["run", "/usr/bin/true"],
    ["env", "SHED_TEST"],
    ["sys", "hostname"],
  ];
  const may = {
    read: [file("a")],
    write: [file("a")],
    connect: [`127.0.0.1:${port}`, `unix:${socket}`],
    listen: ["127.0.0.1:0", `unix:${socket}`],
    env: ["SHED_TEST"],
    sys: ["hostname"],
    run: [{ program: "/usr/bin/true", args: [], env: [] }],
  };
  const notes = await notesOf({
    steps: [
      { id: "A", uses: "try.look", with: { may, tries } },
      { id: "B", uses: "try.look", with: { tries } },
    ],
  }, way);
  const all = (how: string) => `tried ${tries.map(([kind]) => `${kind} ${how}`).join(", ")}`;
  assert.deepEqual(notes, [`A ${all("works")}`, `B ${all("NotCapable")}`]);
  server.close();
  await accepting;
});

test("keeps what another step needs, and only that", async (way) => {
  const notes = await notesOf({
    steps: [
      {
        id: "A",
        uses: "try.look",
        with: {
          may: { read: [file("a"), file("b")], env: ["SHED_TEST", "SHED_OTHER"] },
          tries: [["read", file("a")], ["env", "SHED_OTHER"]],
        },
      },
      {
        id: "B",
        uses: "try.look",
        with: {
          may: { read: [file("b")], env: ["SHED_OTHER"] },
          tries: [
            ["read", file("a")],
            ["read", file("b")],
            ["env", "SHED_TEST"],
            ["env", "SHED_OTHER"],
          ],
        },
      },
    ],
  }, way);
  assert.deepEqual(notes, [
    "A tried read works, env works",
    "B tried read NotCapable, read works, env NotCapable, env works",
  ]);
});

test("keeps a folder when what lies in it is given up, and what lies in it when it is", async (way) => {
  const folder = file("a").replace(/\/a$/, "");
  const both: Operation[] = [["read", file("a")], ["read", file("b")]];
  const notes = await notesOf({
    steps: [
      { id: "A", uses: "try.look", with: { may: { read: [file("a")] }, tries: both } },
      { id: "B", uses: "try.look", with: { may: { read: [folder] }, tries: both } },
      { id: "C", uses: "try.look", with: { may: { read: [file("b")] }, tries: both } },
      { id: "D", uses: "try.look", with: { tries: both } },
    ],
  }, way);
  assert.deepEqual(notes, [
    "A tried read works, read works",
    "B tried read works, read works",
    "C tried read NotCapable, read works",
    "D tried read NotCapable, read NotCapable",
  ]);
});

test("can undo after it has shed, with what undo needs and no more", async (way) => {
  const { code, notes } = await bed.run({
    steps: [
      {
        id: "A",
        uses: "try.make",
        with: {
          ...reads("a"),
          undo_may: { read: [file("undo")] },
          undo_tries: [["read", file("undo")], ["read", file("a")], ["read", file("b")]],
        },
      },
      { id: "B", uses: "try.look", with: { ...reads("b"), fails: true } },
    ],
  }, way);
  assert.equal(code, 5);
  assert.deepEqual(notes, [
    "A tried read works",
    "B tried read works",
    "A tried read works, read NotCapable, read NotCapable",
  ]);
});

test("keeps what undo needs until a commit", async (way) => {
  const made = {
    id: "A",
    uses: "try.make",
    with: { undo_may: { read: [file("undo")] } },
  } as const;
  const last = (id: string) =>
    ({ id, uses: "try.look", with: { tries: [["read", file("undo")]] } }) as const;
  const notes = await notesOf({
    steps: [made, last("B"), { ...last("C"), commit: true }, last("D")],
  }, way);
  assert.deepEqual(notes, [
    "A tried nothing",
    "B tried read works",
    "C tried read works",
    "D tried read NotCapable",
  ]);
});

test("keeps what finally needs, and what is held to the end", async (way) => {
  const tries: Operation[] = [["read", file("finally")], ["read", file("held")]];
  const notes = await notesOf({
    steps: [
      { id: "H", uses: "try.hold", with: reads("held") },
      { id: "A", uses: "try.look", with: { tries } },
    ],
    finally: [
      { id: "Y", uses: "try.look", with: { may: { read: [file("finally")] }, tries } },
      { id: "Z", uses: "try.look", with: { tries } },
    ],
  }, way);
  assert.deepEqual(notes, [
    "H tried read works",
    "A tried read works, read works",
    "Y tried read works, read works",
    "Z tried read NotCapable, read works",
    "H at the end read works",
  ]);
});

test("that repeats keeps what the next repetition needs", async (way) => {
  const { process, said, ended } = await bed.start({
    every: "50ms",
    steps: [
      { id: "A", uses: "try.look", with: reads("a") },
      { id: "B", uses: "try.look", with: { tries: [["read", file("a")]] } },
    ],
  }, way);
  await said('"type":"cycle.finished","cycle":3');
  process.kill("SIGINT");
  const { notes } = await ended;
  assert.ok(notes.length >= 6);
  assert.ok(notes.slice(0, 6).every((note) => note.endsWith("tried read works")), notes.join("\n"));
});

test("cannot load code from the network, from the beginning", async (way) => {
  const notes = await notesOf({
    steps: [{
      id: "A",
      uses: "try.look",
      with: { tries: [["import", "https://jsr.io/mod.ts?secret"]] },
    }],
  }, way);
  assert.deepEqual(notes, ["A tried import NotCapable"]);
});

test("does not reach what a step left open: the limit of shedding", async (way) => {
  const notes = await notesOf({
    steps: [
      { id: "A", uses: "try.look", with: { ...reads("a"), opens: file("a") } },
      {
        id: "B",
        uses: "try.look",
        with: { tries: [["read", file("a")]], reads_open: file("a") },
      },
    ],
  }, way);
  assert.deepEqual(notes.slice(1), ["B tried read NotCapable", "B handle 1"]);
});

Deno.test("sluice undo starts with what undo needs and not what the steps did", async () => {
  const made = {
    id: "A",
    uses: "try.make",
    with: {
      ...reads("a"),
      undo_may: { read: [file("undo")] },
      undo_tries: [["read", file("undo")], ["read", file("a")]] as Operation[],
    },
  } as const;
  const { run } = await bed.run({ steps: [made] }, "launched");
  const { code, notes } = await bed.undo(run);
  assert.equal(code, 0);
  assert.deepEqual(notes, ["A tried read works, read NotCapable"]);
});

Deno.test("a launched runner tells what it has given up", async () => {
  const { shed } = await bed.run({
    steps: [
      { id: "A", uses: "try.look", with: { may: { ...reads("a").may, env: ["SHED_TEST"] } } },
      { id: "B", uses: "try.make", with: { undo_may: { read: [file("undo")] } } },
    ],
  }, "launched");
  assert.deepEqual(shed, [
    `A ${JSON.stringify({ read: [file("a")], env: ["SHED_TEST"] })}`,
    JSON.stringify({ read: [file("undo")] }),
  ]);
});

/** The flags of the set, but this one instead of that of its kind. */
const withFlag = (flag: string) => (exact: readonly string[]) => [
  ...exact.filter((each) => each.split("=")[0] !== flag.split("=")[0]),
  flag,
];

/** Two steps of which the second needs what lies beside what the first one needed. */
const beside: TriedPipeline = {
  steps: [
    { id: "A", uses: "try.look", with: reads("a") },
    {
      id: "B",
      uses: "try.look",
      with: { may: reads("b").may, tries: [["read", file("a")], ["read", file("b")]] },
    },
  ],
};

Deno.test("a standalone runner takes no step what a flag wider than the set grants", async () => {
  const folder = file("a").replace(/\/a$/, "");
  const inFolder = await bed.run(beside, "standalone", {
    flags: withFlag(`--allow-read=${folder}`),
  });
  assert.deepEqual(inFolder.notes, [
    "A tried read works",
    `A the flags of this process grant read ${folder}, which no step declares: ` +
    "what it reaches cannot be given up",
    "B tried read works, read works",
  ]);
  const unscoped = await bed.run(beside, "standalone", { flags: withFlag("--allow-read") });
  assert.deepEqual(unscoped.notes, [
    "A tried read works",
    "A the flags of this process grant all of read, which no step declares: " +
    "what it reaches cannot be given up",
    "B tried read works, read works",
  ]);
});

Deno.test("a standalone runner gives up a whole kind that nothing needs any more", async () => {
  const tries: Operation[] = [["env", "SHED_TEST"], ["env", "SHED_OTHER"]];
  const { notes } = await bed.run(
    {
      steps: [
        { id: "A", uses: "try.look", with: { may: { env: ["SHED_TEST"] }, tries } },
        { id: "B", uses: "try.look", with: { tries } },
      ],
    },
    "standalone",
    { flags: withFlag("--allow-env") },
  );
  assert.deepEqual(notes, [
    "A tried env works, env works",
    "B tried env NotCapable, env NotCapable",
  ]);
});

Deno.test("a standalone runner keeps the key of its tokens and its plan from the steps", async () => {
  const { notes, stdout } = await bed.run(
    {
      steps: [{
        id: "A",
        uses: "try.look",
        with: {
          may: { env: ["SHED_TEST"] },
          tries: [["env", "SLUICE_TOKEN_KEY"], ["env", "SHED_TEST"], ["read", file("plan0.json")]],
        },
      }],
    },
    "standalone",
    {
      env: { SLUICE_TOKEN_KEY: "an example, not a key" },
      flags: (exact) => [...exact, "--allow-env=SLUICE_TOKEN_KEY,SHED_TEST"],
    },
  );
  assert.match(stdout, /^APPLIANCE_STEP:A:START:.*"mac":"[0-9a-f]{64}"\}$/m);
  assert.deepEqual(notes, ["A tried env NotCapable, env works, read NotCapable"]);
});
