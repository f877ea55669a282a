// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-net=127.0.0.1
//        --allow-run=<deno>,/usr/bin/strace,/usr/bin/ln,/usr/bin/cp
/**
 * What is on the disk, and when: the system calls of one good apply. A power cut may lose whatever
 * was not synced before the call that makes it count.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Plan } from "../../engine/plan/plan.ts";
import { type Appliance, makeAppliance, newVersion } from "./appliance.ts";
import { type Call, trace } from "./strace.ts";

const run = "synced";
let appliance: Appliance;
let plan: Plan;
let calls: readonly Call[];

Deno.test.beforeAll(async () => {
  appliance = await makeAppliance({ top: await Deno.makeTempDir() });
  plan = await appliance.apply(newVersion, { keep: 1 });
  const traced = await trace(await appliance.command(plan, run), {
    apart: true,
    calls: [
      ...["openat", "mkdir", "write", "pwrite64", "fsync", "fdatasync", "chmod", "fchmod"],
      ...["rename", "renameat", "renameat2", "symlinkat", "unlink", "unlinkat"],
    ],
  });
  assert.equal(traced.code, 0, traced.stderr);
  calls = traced.calls.filter(({ result }) => !result.startsWith("-1"));
});
Deno.test.afterAll(async () => await appliance[Symbol.asyncDispose]());

/** The files that a call names, or whose descriptors it has. */
function paths({ args }: Call): readonly string[] {
  return [...args.matchAll(/"(\/(?:[^"\\]|\\.)*)"|\d+<([^>]*)>/g)].map((found) =>
    found[1] ?? found[2]!
  );
}

const isSync = ({ name }: Call) => name === "fsync" || name === "fdatasync";

/** The one call of a name whose first file is this one. */
function only(name: string, path: string): Call {
  const found = calls.filter((call) => call.name === name && paths(call)[0] === path);
  assert.equal(found.length, 1, `${name} of ${path}: ${found.length} calls`);
  return found[0]!;
}

/** Asserts that a file or folder is synced after one call has returned and before another begins. */
function assertSynced(path: string, after: Call, before: Call): void {
  const synced = calls.some((call) =>
    isSync(call) && paths(call)[0] === path && call.begun > after.ended && call.ended < before.begun
  );
  assert.ok(synced, `${path} is not synced between ${after.name} and ${before.name}`);
}

/** The first line of the journal that is begun after a call. */
function nextJournalLine(after: Call): Call {
  const file = `${appliance.runs}/${run}/journal.jsonl`;
  const line = calls.find((call) =>
    call.name === "write" && paths(call)[0] === file && call.begun > after.ended
  );
  assert.ok(line !== undefined);
  return line;
}

Deno.test("release.stage syncs every file and folder before it is renamed to its version", () => {
  const staging = `${appliance.root}/releases/${newVersion}.staging`;
  const renamed = only("rename", staging);
  const changed = new Map<string, Call>();
  for (const call of calls) {
    if (call.begun >= renamed.begun) break;
    const [first, second] = paths(call);
    const names = call.name === "openat" || isSync(call) ? [] : [first, second];
    if (call.name === "openat" && call.args.includes("O_CREAT")) names.push(paths(call).at(-1));
    if (call.name === "unlinkat") {
      const inside = /"([^"]*)"/.exec(call.args)![1]!;
      names.splice(0, 2, inside.startsWith("/") ? inside : `${first}/${inside}`);
    }
    for (const path of names) {
      if (!path?.startsWith(staging)) continue;
      if (call.name !== "unlinkat") changed.set(path, call);
      // What it was made, renamed or removed in has changed as well.
      const isContent = ["write", "pwrite64", "chmod", "fchmod"].includes(call.name);
      if (!isContent) changed.set(path.slice(0, path.lastIndexOf("/")), call);
    }
  }
  const release = `${appliance.root}/releases/${newVersion}`;
  const kept = [...changed].filter(([path]) =>
    path.startsWith(staging) && isThere(release + path.slice(staging.length))
  );
  for (
    const name of ["", "/main.ts", "/large", "/lib", "/lib/libx.so.1", "/.sluice/metadata.json"]
  ) {
    assert.ok(kept.some(([path]) => path === staging + name), `${name} is not among what was made`);
  }
  for (const [path, last] of kept) assertSynced(path, last, renamed);
  assertSynced(`${appliance.root}/releases`, renamed, nextJournalLine(renamed));
});

/** Whether a file or folder is in the release; a link has nothing of its own to be synced. */
function isThere(path: string): boolean {
  try {
    return !Deno.lstatSync(path).isSymlink;
  } catch {
    return false;
  }
}

Deno.test("release.switch syncs the root before and after current is renamed", () => {
  const { root } = appliance;
  const linked = calls.find(({ name, args }) => name === "symlinkat" && args.includes(".current."));
  const renamed = only("rename", `${root}/.current.${run}`);
  assertSynced(root, linked!, renamed);
  assertSynced(root, renamed, nextJournalLine(renamed));
});

Deno.test("small files are synced before they are renamed, and their folder after", () => {
  const { root } = appliance;
  for (const name of [".good", ".previous"]) {
    const aside = `${root}/${name}.new`;
    const renamed = only("rename", aside);
    const written = calls.filter((call) => call.name === "write" && paths(call)[0] === aside);
    assertSynced(aside, written.at(-1)!, renamed);
    assertSynced(root, renamed, nextJournalLine(renamed));
  }
  // .previous is what a rollback goes by: it comes last.
  assert.ok(
    only("rename", `${root}/.good.new`).ended < only("rename", `${root}/.previous.new`).begun,
  );
});

Deno.test("the audit log is synced before the first change and at the end", () => {
  const written = calls.filter((call) =>
    call.name === "write" && paths(call)[0] === appliance.audit
  );
  assert.equal(written.length, 2);
  const staged = only("mkdir", `${appliance.root}/releases/${newVersion}.staging`);
  assertSynced(appliance.audit, written[0]!, staged);
  assertSynced(appliance.audit, written[1]!, nextJournalLine(written[1]!));
});

Deno.test("the journal is synced around steps with effects, and not around others", async () => {
  const file = `${appliance.runs}/${run}/journal.jsonl`;
  const text = await Deno.readTextFile(file);
  const lines = text.trimEnd().split("\n").map((line) => JSON.parse(line));
  const written = calls.filter((call) => call.name === "write" && paths(call)[0] === file);
  const syncs = calls.filter((call) => isSync(call) && paths(call)[0] === file);
  assert.equal(written.length, lines.length, "each line is written in one call");

  const effects = new Map([...plan.steps, ...plan.finally].map(({ id, effect }) => [id, effect]));
  const wanted = lines.map(({ type, step }) => {
    const synced = step === undefined || (type !== "step.skipped" && effects.get(step) !== "none");
    return `${type} ${step ?? ""}: ${synced ? "synced" : "not synced"}`;
  });
  const found = lines.map(({ type, step }, index) => {
    const from = written[index]!.ended;
    const to = written[index + 1]?.begun ?? Infinity;
    const own = syncs.filter(({ begun, ended }) => begun > from && ended < to);
    return `${type} ${step ?? ""}: ${["not synced", "synced"][own.length] ?? "synced twice"}`;
  });
  assert.deepEqual(found, wanted);

  // Nothing of the installation is touched between the line that a step starts and its sync.
  for (const [index, line] of written.entries()) {
    const sync = syncs.find(({ begun }) => begun > line.ended);
    if (!wanted[index]!.endsWith(": synced")) continue;
    const early = calls.find((call) =>
      call.begun > line.begun && call.begun < sync!.ended &&
      paths(call).some((path) => path.startsWith(`${appliance.root}/`)) &&
      !call.args.includes("O_RDONLY")
    );
    assert.equal(early, undefined, `${wanted[index]}: ${early?.name}(${early?.args})`);
  }
});

Deno.test("a journal that is begun anew, and what is kept of it, are synced before the one takes the other's place", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  const script = `${folder}/turn.ts`;
  const journal = new URL("../../engine/journal/journal.ts", import.meta.url).href;
  await Deno.writeTextFile(
    script,
    `
import { openJournal } from ${JSON.stringify(journal)};
const clock = { now: () => new Date(0) };
const journal = await openJournal("${folder}/journal.jsonl", { clock, long: 1 });
await journal.append({ type: "committed", step: "A" }, { sync: false });
await journal.turn({ type: "journal.continued", v: 1, run: "r", token: 1, cycle: 1 });
await journal.close();
`,
  );
  const project = new URL("../..", import.meta.url).pathname;
  const traced = await trace([
    Deno.execPath(),
    ...["run", "--quiet", "--no-prompt", "--no-check", "--cached-only"],
    ...[`--allow-read=${folder},${project}`, `--allow-write=${folder}`, script],
  ], { calls: ["write", "fsync", "fdatasync", "rename"] });
  assert.equal(traced.code, 0, traced.stderr);
  const order = traced.calls.filter((call) =>
    call.name !== "write" && paths(call)[0]?.startsWith(folder)
  ).map((call) => `${isSync(call) ? "sync" : call.name} ${paths(call)[0]!.slice(folder.length)}`);
  // Before, where the first journal is made, its folder is synced.
  assert.deepEqual(order.slice(order.indexOf("sync /journal.jsonl.next")), [
    "sync /journal.jsonl.next",
    "sync /journal.1.jsonl",
    "rename /journal.jsonl.next",
    "sync ",
  ]);
});
