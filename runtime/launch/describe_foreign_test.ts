// flags: --allow-read=<project>,<tmp> --allow-run=<deno> --allow-env=<what Deno needs>
import assert from "node:assert/strict";
import { type ForeignReply, makeDescriberPool } from "./describe_foreign.ts";
import type { ForeignQuestion } from "./foreign_messages.ts";
import type { LaunchPlaces } from "./places.ts";

const project = decodeURIComponent(new URL("../..", import.meta.url).pathname).replace(/\/$/, "");
const places: LaunchPlaces = {
  deno: Deno.execPath(),
  project,
  cwd: project,
  runs: `${project}/.sluice/runs`,
  tmp: "/tmp",
};

const describe: ForeignQuestion = { type: "describe" };

async function ask(
  source: string,
  questions: readonly ForeignQuestion[] = [describe],
  patience?: number,
): Promise<ForeignReply[]> {
  const box = () => Promise.resolve({ kind: "none", why: "a test" } as const);
  const pool = makeDescriberPool(places, box, patience);
  const replies: ForeignReply[] = [];
  try {
    for (const question of questions) {
      replies.push(await pool.ask({ name: "./my_step.ts", source }, question));
    }
  } finally {
    pool.close();
  }
  return replies;
}

async function fault(source: string, patience?: number): Promise<string> {
  const [reply] = await ask(source, [describe], patience);
  assert.ok("fault" in reply!, JSON.stringify(reply));
  return reply.hint === undefined ? reply.fault : `${reply.fault} | ${reply.hint}`;
}

Deno.test("ask() gets a description and permissions from one process", async () => {
  const source = `
    let asked = 0;
    interface Params { readonly file: string }
    export default {
      summary: "x" as string,
      params: { type: "object" },
      permissions: ({ file }: Params) => ({ run: { read: [file, String(++asked)] } }),
      run() {},
    };`;
  const params = { file: "/etc/hosts" };
  const replies = await ask(source, [describe, { type: "permissions", params }]);
  assert.deepEqual(replies, [
    {
      type: "foreign",
      answer: { summary: "x", params: { type: "object" }, permissions: true, run: true },
    },
    { type: "foreign", answer: { run: { read: ["/etc/hosts", "1"] } } },
  ]);
});

Deno.test("ask() keeps eight processes, and starts again the one that made way", async () => {
  const source = (number: number) => `
    let asked = 0;
    export default {
      summary: "x", params: {}, run() {},
      permissions: () => ({ run: { read: ["/${number}/" + ++asked] } }),
    };`;
  const box = () => Promise.resolve({ kind: "none", why: "a test" } as const);
  const pool = makeDescriberPool(places, box);
  const read = async (number: number) => {
    const code = { name: "./my_step.ts", source: source(number) };
    const reply = await pool.ask(code, { type: "permissions", params: {} });
    assert.ok("answer" in reply, JSON.stringify(reply));
    return (reply.answer as { run: { read: readonly string[] } }).run.read[0];
  };
  try {
    for (let number = 0; number < 8; number++) assert.equal(await read(number), `/${number}/1`);
    assert.equal(await read(0), "/0/2");
    assert.equal(await read(8), "/8/1"); // In the place of 1, which was asked longest ago.
    assert.equal(await read(0), "/0/3");
    assert.equal(await read(1), "/1/1");
  } finally {
    pool.close();
  }
});

Deno.test("ask() runs code of others under no permission at all", async () => {
  const tries: Readonly<Record<string, RegExp>> = {
    'Deno.readTextFileSync("/etc/hostname")': /Requires read access/,
    'Deno.writeTextFileSync("/tmp/x", "")': /Requires write access/,
    'Deno.env.get("HOME")': /Requires env access/,
    'Deno.env.get("SLUICE_TOKEN_KEY")': /Requires env access/,
    'await fetch("http://127.0.0.1:8080/")': /Requires net access/,
    "Deno.listen({ port: 0 })": /Requires net access/,
    "Deno.hostname()": /Requires sys access/,
    'new Deno.Command("/bin/true").outputSync()': /Requires run access/,
    'Deno.kill(1, "SIGTERM")': /Requires run access/,
    'Deno.dlopen("/x.so", {})': /Requires ffi access/,
    'await import("file:///etc/hostname")':
      /: it imports a file: read access to "\/etc\/hostname" \|/,
  };
  for (const [code, message] of Object.entries(tries)) {
    assert.match(await fault(`${code}; export default {};`), message, code);
  }
});

Deno.test("ask() loads one file and nothing beside it", async () => {
  const oneFile = /put libraries into it with deno bundle/;
  for (
    const specifier of [
      "./other.ts",
      `file://${project}/mod.ts`,
      "npm:yaml",
      "jsr:@std/path",
      "https://example.com/x.ts",
      "yaml",
    ]
  ) {
    const source = `import * as other from ${
      JSON.stringify(specifier)
    };\nexport default { other };`;
    assert.match(await fault(source), oneFile, specifier);
  }
  const [types] = await ask('import type { A } from "./other.ts";\nexport default { a: 1 as A };');
  assert.deepEqual(types, { type: "foreign", answer: { a: 1 } });
});

Deno.test("ask() tells what code says that cannot be loaded, with its place", async () => {
  assert.equal(
    await fault("\nexport default () => 1 +"),
    "./my_step.ts cannot be loaded: SyntaxError: Expression expected at ./my_step.ts:2:25",
  );
  assert.equal(
    await fault('throw new TypeError("not today")'),
    "./my_step.ts cannot be loaded: TypeError: not today",
  );
  assert.match(
    await fault('Deno.readTextFileSync("/etc/hostname")'),
    /^.*: NotCapable: Requires read access to "\/etc\/hostname" \| while it is asked what it is/,
  );
});

Deno.test("ask() ends code that does not answer, and tells what it printed", async () => {
  assert.equal(
    await fault('console.log("one"); while (true);', 1500),
    "./my_step.ts was asked to describe itself, and did not answer within 1.5 s | it printed: one",
  );
  assert.match(await fault("await new Promise(() => {})", 1500), /did not answer within|cannot be/);
  assert.match(await fault("Deno.exit(3)"), /describe itself, and ended with exit code 3/);
  assert.match(await fault('Deno.kill(Deno.pid, "SIGKILL")'), /and was ended by SIGKILL/);
});

Deno.test("ask() tells when code used up its memory", async () => {
  const source = "const all = []; while (true) all.push(new Array(1e5).fill(0.1));";
  assert.match(await fault(source), /used up its memory \(heap limit 256 MiB\)/);
});

Deno.test("ask() takes no lines that code writes by itself for an answer", async () => {
  const forged = JSON.stringify({
    sluice: "guess",
    seq: 1,
    message: { type: "answer", number: 1, value: {} },
  });
  const source = `
    Deno.stdout.writeSync(new TextEncoder().encode(${JSON.stringify(`\n${forged}\n`)}));
    Deno.exit(0);`;
  assert.match(await fault(source), /ended with exit code 0 \| it printed: \{"sluice":"guess"/);
});

Deno.test("ask() stands a flood of output and an answer without end", async () => {
  const [reply] = await ask(`
    for (let n = 0; n < 20000; n++) console.log("x".repeat(200));
    export default { summary: "x" };`);
  assert.deepEqual(reply, { type: "foreign", answer: { summary: "x" } });
  assert.match(
    await fault(`export default { summary: "x".repeat(2e6) };`),
    /answer of \d+ bytes; at most \d+ may leave the process/,
  );
});
