// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-net=127.0.0.1
//        --allow-run=<deno>,/usr/bin/ln,/usr/bin/cp,/usr/bin/mount,/usr/bin/umount
/**
 * Disks that are really full. Mounts file systems in memory, so it runs as root.
 *
 * @module
 */
import assert from "node:assert/strict";
import { systemClock } from "../../engine/execute/system_clock.ts";
import { openJournal } from "../../engine/journal/journal.ts";
import { verifyChain } from "../../engine/journal/verify_chain.ts";
import { type Appliance, makeAppliance, newVersion, oldVersion } from "./appliance.ts";
import { assertWhole } from "./assert_whole.ts";
import { resolvePipeline } from "./resolve_pipeline.ts";
import type { Ended } from "./run_program.ts";
import { fill, mountTmpfs } from "./tmpfs.ts";

/** More than an installation wants to keep free, and a release. */
const size = 24 * 1024 * 1024;

interface FullWorld extends AsyncDisposable {
  readonly appliance: Appliance;
  /** Where the root of the installation is mounted. */
  readonly disk: string;
  /** Where runs may be mounted. */
  readonly runs: string;
  readonly trust: string;
}

/** An installation of the old release on a disk of its own. */
async function makeWorld(options: string): Promise<FullWorld> {
  await using stack = new AsyncDisposableStack();
  const top = await Deno.makeTempDir();
  const disk = `${top}/disk`;
  const runs = `${top}/runs`;
  stack.use(await mountTmpfs(disk, options));
  const appliance = stack.use(await makeAppliance({ top, root: `${disk}/root`, runs }));
  const kept = stack.move();
  return {
    appliance,
    disk,
    runs,
    trust: `${top}/trust`,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** It says what is wrong, as it says everything: a stack would be a fault of the program. */
function assertTold({ stderr }: Ended, pattern: RegExp): void {
  assert.match(stderr, pattern);
  assert.doesNotMatch(stderr, /^ +at .*:\d+:\d+\)?$/m, "it shows a stack");
  assert.doesNotMatch(stderr, /bug/);
}

Deno.test("an apply without room for the release and a reserve is refused with 4", async () => {
  await using world = await makeWorld(`size=${size}`);
  const { appliance, disk } = world;
  await fill(`${disk}/fill`, 4 * 1024 * 1024);
  const end = await appliance.run(await appliance.apply(newVersion), "full");
  assert.equal(end.code, 4, end.stderr);
  assertTold(end, /bytes free, and \d+ are needed/);
  await assertWhole(appliance, oldVersion);
});

Deno.test("an apply without inodes for the release and a reserve is refused with 4", async () => {
  await using world = await makeWorld(`size=${size},nr_inodes=500`);
  const { appliance, disk } = world;
  for (let number = 0; number < 250; number++) await Deno.writeTextFile(`${disk}/${number}`, "");
  const end = await appliance.run(await appliance.apply(newVersion), "full");
  assert.equal(end.code, 4, end.stderr);
  assertTold(end, /inodes free, and \d+ are needed/);
  await assertWhole(appliance, oldVersion);
});

Deno.test("a disk that fills up after it was judged ends staging with 4 and leaves nothing", async () => {
  await using world = await makeWorld(`size=${size}`);
  const { appliance, disk, trust } = world;
  // Asked between the judgement and the staging.
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async () => {
    await fill(`${disk}/fill`, 100_000);
    return Response.json({ status: "ok" });
  });
  const text = `sluice: v1
name: full
params:
  root: { type: path }
  bundle: { type: path }
  trust: { type: path }
steps:
  - id: lock
    uses: release.lock
    with: { root: "\${{ params.root }}" }
  - id: judge
    uses: release.plan
    with:
      root: \${{ params.root }}
      bundle: \${{ params.bundle }}
      trust: \${{ params.trust }}
  - id: filled
    uses: http.probe
    with: { url: "http://127.0.0.1:${server.addr.port}/" }
  - id: stage
    uses: release.stage
    with:
      root: \${{ params.root }}
      bundle: \${{ params.bundle }}
      trust: \${{ params.trust }}
      metadata_sha256: \${{ steps.judge.metadata_sha256 }}
`;
  const params = { root: appliance.root, bundle: appliance.bundle(newVersion), trust };
  const plan = await resolvePipeline({ file: "/full.yaml", text }, params);
  const end = await appliance.run(plan, "full");
  await server.shutdown();
  assert.equal(end.code, 4, end.stderr);
  assertTold(end, /there is no space left to write .*2\.0\.0\.staging/);
  await assertWhole(appliance, oldVersion);
  const releases = [...Deno.readDirSync(`${appliance.root}/releases`)].map(({ name }) => name);
  assert.deepEqual(releases, [oldVersion]);
});

Deno.test("an apply whose run has no room ends with 4 or 5 and a message, on a good release", async () => {
  await using world = await makeWorld(`size=${size}`);
  const { appliance, runs } = world;
  const previous = `${appliance.root}/.previous`;
  const plan = await appliance.apply(newVersion);
  // From no room for the plan to room for all that a run writes, page by page.
  let pages = Math.floor(JSON.stringify(plan, null, 2).length / 4096);
  const codes = new Set<number>();
  const least = pages;
  for (;; pages++) {
    await appliance.reset();
    await using _disk = await mountTmpfs(runs, `size=${pages * 4}k`);
    const end = await appliance.run(plan, "full");
    if (end.code === 0) break;
    // 5 where something had been done: its undoing is told in the space that is kept for it.
    assert.ok([4, 5].includes(end.code), `${pages} pages: ${end.code} ${end.stderr}`);
    codes.add(end.code);
    assertTold(end, /No space left on device/);
    // The new one, where it had proven good before the room ended.
    await assertWhole(appliance, (await Deno.readTextFile(previous)).trim());
    assert.ok(pages < least + 40, "it never has enough");
  }
  assert.deepEqual([...codes], [4, 5]);
  await assertWhole(appliance, newVersion);
});

Deno.test("a journal tells on a full disk what it must, in the space that was kept for it", async () => {
  const top = await Deno.makeTempDir();
  await using _disk = await mountTmpfs(`${top}/disk`, "size=1m");
  const path = `${top}/disk/journal.jsonl`;
  const open = () => openJournal(path, { clock: systemClock, reserve: 65_536 });
  const journal = await open();
  const begin = { type: "run.resumed", code: "x".repeat(4096) } as const;
  await journal.append(begin, { sync: true });
  await fill(`${top}/disk/fill`, 0);
  await assert.rejects(journal.append(begin, { sync: true }), /No space left/);
  const undoing = { type: "run.undoing", reason: "failed" } as const;
  // More than is left of the page that the file ends in.
  for (let line = 0; line < 100; line++) await journal.append(undoing, { sync: true, must: true });
  await journal.close();
  const verdict = verifyChain(await Deno.readFile(path));
  assert.deepEqual(verdict.ok && [verdict.lines, verdict.torn], [101, 0]);

  // Gone on with in whatever space there is; a new one needs its reserve.
  await fill(`${top}/disk/more`, 0);
  await (await open()).close();
  await Deno.remove(path);
  await assert.rejects(open(), /journal\.jsonl\.reserve cannot be written: No space left/);
});

Deno.test("a journal that cannot be begun anew on a full disk leaves the space as it was", async () => {
  const top = await Deno.makeTempDir();
  await using _disk = await mountTmpfs(`${top}/disk`, "size=1m");
  const path = `${top}/disk/journal.jsonl`;
  const journal = await openJournal(path, { clock: systemClock, long: 200_000 });
  const line = { type: "run.resumed", code: "x".repeat(4096) } as const;
  while ((await Deno.stat(path)).size < 210_000) await journal.append(line, { sync: false });
  await fill(`${top}/disk/fill`, 131_072);
  const continued = { run: "r1", pipeline: "x", plan: "p", permissions: "s", code: "c" };
  const first = { type: "journal.continued", v: 1, ...continued, token: 1, cycle: 1 } as const;
  await assert.rejects(journal.turn(first), /could not be begun anew: No space left/);
  const names = await Array.fromAsync(Deno.readDir(`${top}/disk`), ({ name }) => name);
  assert.deepEqual(names.sort(), ["fill", "journal.jsonl"]);
  for (let more = 0; more < 10; more++) await journal.append(line, { sync: true });
  await journal.close();
  const verdict = verifyChain(await Deno.readFile(path));
  assert.ok(verdict.ok);
});
