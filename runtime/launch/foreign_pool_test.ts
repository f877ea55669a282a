// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno> --allow-env=<what Deno needs>
import assert from "node:assert/strict";
import { none, type Permissions, permissions } from "../../engine/permissions/permissions.ts";
import { foreignNotes, makeForeignPool } from "./foreign_pool.ts";
import type { ForeignRequest } from "./planner_protocol.ts";
import type { ForeignNews, ForeignPhase } from "./runner_protocol.ts";
import { placesIn } from "./test_places.ts";

const code = "sha256:code";

/** A pool with one step, `P1`, and the news that come of it. */
async function pool(source: string, sets: Partial<Record<"run" | "undo", Permissions>> = {}) {
  const root = await Deno.realPath(await Deno.makeTempDir());
  const folder = `${root}/runs/r1`;
  await Deno.mkdir(`${folder}/audit-of-steps`, { recursive: true });
  const places = placesIn(root);
  const foreign: ForeignRequest = {
    code: { [code]: { name: "./step.ts", source } },
    steps: { P1: { code, run: none, undo: none, ...sets } },
  };
  const news: ForeignNews[] = [];
  const ended = Promise.withResolvers<Extract<ForeignNews, { type: "foreign-end" }>["end"]>();
  const started = makeForeignPool({
    foreign,
    folder,
    places,
    box: { kind: "none", why: "a test" },
    process: 1,
    tell(one) {
      news.push(one);
      if (one.type === "foreign-end") ended.resolve(one.end);
      return Promise.resolve();
    },
  });
  const start = (more: { step?: string; id?: string; phase?: ForeignPhase } = {}) => {
    const { step = "P1", id = "P1", phase = "run" } = more;
    started.take({ type: "foreign-start", process: 1, step, id, phase, nonce: "n" });
    const job = { id, run: { id: "r1" }, input: {}, secrets: [], phase };
    started.take({ type: "foreign-send", process: 1, line: { type: "work", job } });
    return ended.promise;
  };
  /** What it said, its numbers and its nonce left out. */
  const messages = () =>
    news.flatMap((one) =>
      one.type === "foreign-line" && one.text.startsWith('{"sluice":"n"')
        ? [JSON.parse(one.text).message]
        : []
    );
  const output = () =>
    news.flatMap((one) =>
      one.type === "foreign-line" && !one.text.startsWith("{") ? [one.text] : []
    );
  return { root, folder, foreign, places, news, pool: started, start, messages, output };
}

const step = (run: string) =>
  `export default { run: () => { ${run} }, undo: () => { ${run} }, check: () => { ${run} } };`;

Deno.test("a pool starts the code that was admitted, and hands on what it says unread", async () => {
  const { start, messages, output } = await pool(step('console.log("hello"); return { n: 1 };'));
  assert.deepEqual(await start(), { code: 0, signal: null, memory: false });
  assert.deepEqual(messages(), [{ type: "done", facts: { n: 1 } }]);
  assert.deepEqual(output(), ["hello"]);
});

Deno.test("a pool starts no step that was not admitted, and none under a name that is not its own", async () => {
  for (
    const more of [{ step: "P2" }, { id: "P2" }, { id: "P1.x" }, { id: "P1/../x" }, {
      step: "constructor",
    }]
  ) {
    const { start } = await pool(step(""));
    const end = await start(more);
    assert.ok("refused" in end && /was admitted/.test(end.refused), JSON.stringify(more));
  }
  const { start } = await pool(step(""));
  assert.equal("refused" in await start({ id: "P1.2" }), false);
});

Deno.test("a pool gives a process what its phase was admitted to, and nothing else", async () => {
  const file = `${await Deno.makeTempDir()}/file`;
  await Deno.writeTextFile(file, "text");
  const read = `Deno.readTextFileSync(${JSON.stringify(file)}); return {};`;
  const set = permissions({ read: [file] });
  for (
    const [sets, phase, may] of [
      [{ run: set }, "run", true],
      [{ run: set }, "check", true],
      [{ run: set }, "undo", false],
      [{ undo: set }, "undo", true],
      [{ undo: set }, "run", false],
    ] as const
  ) {
    const { start, messages } = await pool(step(read), sets);
    await start({ phase });
    const [{ type }] = messages();
    assert.equal(type, may ? "done" : "failed", phase);
  }
});

Deno.test("a pool gives a process folders of its own, and not the folder of runs", async () => {
  const { root, folder, foreign, places } = await pool("");
  for (const id of ["P1.1", "P1.2"]) {
    await Deno.mkdir(`${folder}/artifacts/${id}`, { recursive: true });
  }
  /** Whether item 1 can write a file. */
  const mayWrite = async (path: string, run: Permissions = none) => {
    const source = step(`Deno.writeTextFileSync(${JSON.stringify(path)}, ""); return {};`);
    const done = Promise.withResolvers<boolean>();
    const started = makeForeignPool({
      foreign: {
        code: { [code]: { name: "./step.ts", source } },
        steps: { P1: { ...foreign.steps["P1"]!, run } },
      },
      folder,
      places,
      box: { kind: "none", why: "a test" },
      process: 1,
      tell(one) {
        if (one.type === "foreign-line" && one.text.includes('"type":"done"')) done.resolve(true);
        if (one.type === "foreign-end") done.resolve(false);
        return Promise.resolve();
      },
    });
    const order = { process: 1, step: "P1", id: "P1.1", phase: "run" } as const;
    started.take({ type: "foreign-start", nonce: "n", ...order });
    const job = { ...order, run: { id: "r1" }, input: {}, secrets: [] };
    started.take({ type: "foreign-send", process: 1, line: { type: "work", job } });
    return await done.promise;
  };
  assert.equal(await mayWrite(`${folder}/artifacts/P1.1/x`), true);
  assert.equal(await mayWrite(`${folder}/artifacts/P1.2/x`), false);
  assert.equal(await mayWrite(`${folder}/plan.json`), false);
  // Who may write above the runs may not write them, and so has no folder there.
  const above = permissions({ write: [root] });
  assert.equal(await mayWrite(`${folder}/artifacts/P1.1/y`, above), false);
  assert.equal(await mayWrite(`${folder}/plan.json`, above), false);
  assert.equal(await mayWrite(`${root}/beside`, above), true);
});

Deno.test("exists() tells of what the step itself may write, and of nothing else", async () => {
  const made = await pool("");
  await Deno.mkdir(`${made.root}/out`);
  await Deno.writeTextFile(`${made.root}/out/file`, "");
  await Deno.writeTextFile(`${made.root}/other`, "");
  const sets = { run: permissions({ write: [`${made.root}/out`], read: ["/etc"] }) };
  const own = made.foreign.steps["P1"]!;
  const { exists } = makeForeignPool({
    foreign: { ...made.foreign, steps: { P1: { ...own, ...sets }, P2: own } },
    folder: made.folder,
    places: made.places,
    box: { kind: "none", why: "a test" },
    process: 1,
    tell: () => Promise.resolve(),
  });
  assert.equal(exists("P1", `${made.root}/out/file`), true);
  assert.equal(exists("P1", `${made.root}/out/missing`), false);
  assert.equal(exists("P1", `${made.root}/other`), false);
  assert.equal(exists("P1", `${made.root}/out/../other`), false);
  assert.equal(exists("P1", "/etc/hostname"), false);
  assert.equal(exists("P1.3", `${made.root}/out/file`), true);
  for (const other of ["P2", "P3", "P1.x", "constructor"]) {
    assert.equal(exists(other, `${made.root}/out/file`), false);
  }
});

Deno.test("a pool kills what it is told to, and all at its end", async () => {
  for (const how of ["kill", "close"] as const) {
    const { pool: started, start, news } = await pool(step('console.log("on"); while (true);'));
    const ended = start();
    while (!news.some((one) => one.type === "foreign-line" && one.text === "on")) {
      await new Promise((resolve) => setTimeout(resolve));
    }
    if (how === "kill") started.take({ type: "foreign-kill", process: 1 });
    else started.close();
    assert.deepEqual(await ended, { code: 137, signal: "SIGKILL", memory: false });
  }
});

Deno.test("a pool hands on no more output than anybody wants to read, and counts the rest", async () => {
  const { start, output, messages } = await pool(
    step('for (let n = 0; n < 6000; n++) console.log("x".repeat(999)); return {};'),
  );
  await start();
  assert.equal(messages().length, 1);
  const all = output();
  const dropped = 6000 - (all.length - 1);
  assert.ok(all.length < 5000, `${all.length}`);
  assert.equal(all.at(-1), `(${dropped * 999} more bytes were dropped)`);
});

Deno.test("foreignNotes() says where a box will be wider than its step's set", async () => {
  const { foreign, folder, places } = await pool("", {
    run: permissions({ write: [`${await Deno.realPath(await Deno.makeTempDir())}/new`] }),
  });
  const box = { kind: "bubblewrap", program: "/usr/bin/bwrap" } as const;
  const notes = foreignNotes(foreign, { folder, places, box });
  assert.match(notes.join("\n"), /^P1: .* may be written: .*\/new is not there yet/m);
  const unboxed = foreignNotes(foreign, { folder, places, box: { kind: "none", why: "a test" } });
  assert.deepEqual(unboxed, []);
});
