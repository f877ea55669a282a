// flags: --allow-read --allow-write=<tmp> --allow-run=<deno> --allow-env=SLUICE_UPDATE_GOLDEN
import assert from "node:assert/strict";
import { InvalidInputError } from "../../engine/errors.ts";
import { openJournal } from "../../engine/journal/journal.ts";
import type { JournalRecord } from "../../engine/journal/entry.ts";
import { derive } from "../../engine/permissions/derive.ts";
import { digestOf } from "../../engine/permissions/digest.ts";
import { withRunFolderWord } from "../../engine/permissions/run_folder.ts";
import { launchRecord, recordSuffix } from "../launch/launch_record.ts";
import type { Plan } from "../../engine/plan/plan.ts";
import { compareGolden } from "../../tests/golden.ts";
import { audit } from "./audit.ts";
import { requirePlan } from "./require_plan.ts";
import { type RecordedPlace, recordedPlace } from "./recorded_place.ts";
import { testPipeline, testRegistry } from "./test_registry.ts";
import { withFolder } from "./with_folder.ts";

const second = Date.parse("2026-01-02T03:04:00Z");
const at = (seconds: number) => new Date(second + seconds * 1000);

interface World {
  readonly place: RecordedPlace;
  readonly plan: Plan;
  /** Folder of the run. */
  readonly folder: string;
}

/** A run of the test pipeline over /srv/demo that has a plan, and nothing else yet. */
async function world(cwd: string): Promise<World> {
  const place = recordedPlace({ cwd });
  await Deno.writeTextFile(`${cwd}/demo.yaml`, testPipeline);
  const given = { param: [["root", "/srv/demo"]] as const };
  const plan = await requirePlan("demo.yaml", given, place, testRegistry);
  const folder = `${place.context.runs}/20260102-030400-1234`;
  await Deno.mkdir(`${folder}/audit`, { recursive: true });
  await Deno.writeTextFile(`${folder}/plan.json`, JSON.stringify(plan));
  const set = derive(plan!, { run: folder });
  await Deno.writeTextFile(`${folder}/permissions.json`, JSON.stringify(set));
  return { place, plan: plan!, folder };
}

type Told = Record<string, unknown> & { readonly type: string };

/** Writes what the launcher recorded of each start. */
async function record({ folder, plan, place }: World, starts = 1): Promise<void> {
  const request = {
    mode: { kind: "run" },
    plan,
    permissions: derive(plan, { run: folder }),
    run: { id: "20260102-030400-1234", folder },
  } as const;
  const { cwd, project, runs } = place.context;
  const places = { deno: "/deno", cwd, project, runs, tmp: "/tmp" };
  const made = launchRecord(request, places, { box: "none", now: at(0) });
  const lines = Array.from({ length: starts }, (_, n) => ({ ...made, process: n + 1 }));
  await Deno.writeTextFile(
    `${folder}${recordSuffix}`,
    lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
  );
}

/** Writes the journal; each line is as many seconds late as it says. */
async function journal(world: World, lines: readonly (readonly [number, Told])[]) {
  const { folder, plan } = world;
  await record(world, lines.filter(([, { type }]) => /^run\.(started|resumed)$/.test(type)).length);
  let now = 0;
  const opened = await openJournal(`${folder}/journal.jsonl`, { clock: { now: () => at(now) } });
  const permissions = digestOf(withRunFolderWord(derive(plan, { run: folder }), folder));
  const first = {
    v: 1,
    run: "20260102-030400-1234",
    pipeline: "demo",
    plan: plan.digest,
    permissions,
  };
  for (const [seconds, line] of lines) {
    now = seconds;
    const record = line.type === "run.started" ? { ...first, code: "c", ...line } : line;
    await opened.append(record as unknown as JournalRecord, { sync: false });
  }
  await opened.close();
}

/** `5 read /srv` as Deno logs it. */
function log(lines: readonly string[]): string {
  return lines.map((text) => {
    const [seconds, permission, value] = text.split(" ");
    const datetime = at(Number(seconds)).toISOString().replace(".000", "");
    return JSON.stringify({ v: 1, datetime, permission, value: value ?? null }) + "\n";
  }).join("");
}

const run = { command: "audit", run: "1234", format: "text", runs: "", debug: false } as const;

async function written({ place, folder }: World, format: "text" | "json") {
  place.said.out = "";
  const exit = await audit({ ...run, format }, place);
  return { exit, out: place.said.out.replaceAll(folder, "RUN").replaceAll(place.context.cwd, "") };
}

const token = 1;
const whole = [
  [0, { type: "run.started" }],
  [1, { type: "step.started", step: "look", token }],
  [9, { type: "step.done", step: "look", token, facts: { files: 0 } }],
  [11, { type: "step.started", step: "link", token }],
  [19, { type: "step.done", step: "link", token, facts: { link: "x" } }],
  [20, { type: "step.skipped", step: "burn", token, notes: "when" }],
  [21, { type: "run.finished", outcome: "done", exit: 0 }],
] as const;

Deno.test("audit() is silent about nothing: a run that attempted more than it declared", async () => {
  await withFolder(async (cwd) => {
    const it = await world(cwd);
    await journal(it, whole);
    const runner = log([
      `0 write ${it.folder}/journal.jsonl`,
      "5 read /srv/demo/../../etc/shadow",
      "6 read /etc/shadow",
      "6 read ../../../../../../../../../etc/shadow",
      "6 env",
      "7 net https://op:hunter2@example.com/x?token=hunter2",
      "7 net example.com:443",
      "15 write /srv/demo/link",
    ]);
    await Deno.writeTextFile(`${it.folder}/audit/1-runner.jsonl`, runner);
    const started = { step: "link", args: ["-sfn", "--", "a", "/srv/demo/link"], env: [] };
    const spawned = [
      { type: "started", n: 1, time: at(16), ...started, program: "/usr/bin/ln", brokered: false },
      { type: "ended", n: 1, time: at(16), step: "link", code: 0 },
      { type: "refused", time: at(17), ...started, program: "rm", brokered: false, reason: "x" },
    ];
    await Deno.writeTextFile(
      `${it.folder}/spawned.jsonl`,
      spawned.map((line) => JSON.stringify(line) + "\n").join(""),
    );
    const text = await written(it, "text");
    assert.equal(text.exit, 1);
    assert.doesNotMatch(text.out, /hunter2/);
    await compareGolden("cli/audit_more.txt", text.out);
    const json = await written(it, "json");
    assert.equal(json.exit, 1);
    assert.doesNotMatch(json.out, /hunter2/);
    await compareGolden("cli/audit_more.json", json.out);
  });
});

Deno.test("audit() advises nothing for what a program of a step may have needed", async () => {
  await withFolder(async (cwd) => {
    const it = await world(cwd);
    await journal(it, whole);
    const runner = log([`0 write ${it.folder}/journal.jsonl`, "5 read /srv/demo"]);
    await Deno.writeTextFile(`${it.folder}/audit/1-runner.jsonl`, runner);
    const text = await written(it, "text");
    assert.equal(text.exit, 0);
    assert.match(
      text.out,
      /\nnot judged, because a program of the step has it as well, and no log shows what a program does\n {2}link \(to run\), demo\.link, demo\.yaml:11\n {4}write \/srv\/demo \(ln\)\n/,
    );
    const [, advised] = /\ndeclared and never attempted\n([^]*?)\n\n/.exec(text.out)!;
    assert.doesNotMatch(advised!, /write/);
    const { never_attempted, seen_by_programs } = JSON.parse((await written(it, "json")).out);
    assert.deepEqual(seen_by_programs, [{
      kind: "write",
      entry: "/srv/demo",
      programs: ["ln"],
      step: "link",
      uses: "demo.link",
      phase: "run",
      file: "/demo.yaml",
      line: 11,
    }]);
    assert.deepEqual(never_attempted.map(({ kind }: { kind: string }) => kind), ["run"]);
  });
});

Deno.test("audit() of a run that was killed and gone on with, in two processes", async () => {
  await withFolder(async (cwd) => {
    const it = await world(cwd);
    await journal(it, [
      ...whole.slice(0, 4),
      [30, { type: "run.resumed", code: "c" }],
      [31, { type: "undo.started", step: "link", token }],
      [35, { type: "undo.done", step: "link", token }],
      [36, { type: "run.finished", outcome: "undone", exit: 5 }],
    ]);
    const first = log([`0 write ${it.folder}/journal.jsonl`, "5 read /srv/demo"]);
    // The kill came in the middle of a line.
    await Deno.writeTextFile(`${it.folder}/audit/1-runner.jsonl`, first + '{"v":1,"datet');
    const second = log([`30 write ${it.folder}/journal.jsonl`, "32 write /srv/demo/link"]);
    await Deno.writeTextFile(`${it.folder}/audit/2-runner.jsonl`, second);
    const { exit, out } = await written(it, "text");
    assert.equal(exit, 0);
    await compareGolden("cli/audit_killed.txt", out);
  });
});

Deno.test("audit() of a run that left no log at all says whose runs those are, and is invalid", async () => {
  await withFolder(async (cwd) => {
    const it = await world(cwd);
    await journal(it, whole);
    await assert.rejects(written(it, "text"), (error: unknown) => {
      assert.ok(error instanceof InvalidInputError);
      assert.equal(error.exit, 2);
      assert.match(error.message, /has no log of its permissions$/);
      assert.match(error.hint!, /the kit of a fixed surface, writes none/);
      return true;
    });
  });
});

Deno.test("audit() does not call a run sound whose record has gaps", async () => {
  await withFolder(async (cwd) => {
    const it = await world(cwd);
    await journal(it, whole);
    const path = `${it.folder}/audit/1-runner.jsonl`;
    const sound = log([`0 write ${it.folder}/journal.jsonl`, "5 read /srv/demo"]);
    const judge = async (text: string) => {
      await Deno.writeTextFile(path, text);
      return await written(it, "text");
    };
    assert.equal((await judge(sound)).exit, 0);

    const damaged = await judge("what\n" + sound);
    assert.equal(damaged.exit, 1);
    assert.match(damaged.out, /the log of the runner of start 1 cannot be read in line 1/);
    const empty = await judge("");
    assert.equal(empty.exit, 1);
    assert.match(empty.out, /start 1 of the run left no log/);
    await judge(sound);

    const plan = `${it.folder}/plan.json`;
    const before = await Deno.readTextFile(plan);
    await Deno.writeTextFile(plan, before.replace('"read":["/srv/demo"]', '"read":["/"]'));
    const changed = await written(it, "text");
    assert.equal(changed.exit, 1);
    assert.match(changed.out, /plan\.json is not the one its digest names/);
    assert.match(changed.out, /plan\.json is not the one that start 1 was launched with/);
    await Deno.writeTextFile(plan, before);

    await Deno.writeTextFile(`${it.folder}/spawned.jsonl`, "{}\n");
    assert.match((await written(it, "text")).out, /spawned\.jsonl:1: it cannot be read/);
    await Deno.remove(`${it.folder}/spawned.jsonl`);

    // The run's own word for what it was allowed does not count.
    await Deno.writeTextFile(path, sound + log(["6 read /etc/shadow"]));
    const own = `${it.folder}/permissions.json`;
    const allowed = await Deno.readTextFile(own);
    await Deno.writeTextFile(own, allowed.replace('"read":[', '"read":["/etc",'));
    const forged = await written(it, "text");
    assert.equal(forged.exit, 1);
    assert.match(forged.out, /read \/etc\/shadow \(once/);
    assert.match(forged.out, /permissions\.json is not the one that start 1 was launched with/);
    await Deno.writeTextFile(own, allowed);
    await Deno.writeTextFile(path, sound);

    await Deno.remove(`${it.folder}${recordSuffix}`);
    assert.match(
      (await written(it, "text")).out,
      /nobody but the run itself recorded what start 1 was launched with/,
    );
    await Deno.remove(path);
    await assert.rejects(written(it, "text"), {
      name: "InvalidInputError",
      message: /has no log of its permissions/,
    });
  });
});

/** What the log of a real process holds: the design of the audit rests on it. */
Deno.test("Deno logs every attempt but programs, refused or not, as it was passed", async () => {
  await withFolder(async (cwd) => {
    const program = `
      const tries = [
        () => Deno.readTextFileSync("a/../b"),
        () => Deno.readTextFileSync("/etc/shadow"),
        () => Deno.writeTextFileSync("b", ""),
        () => Deno.env.get("HOME"),
        () => Deno.env.toObject(),
        () => Deno.makeTempDirSync(),
        () => new Deno.Command("/bin/true").outputSync(),
        () => Deno.listen({ hostname: "127.0.0.1", port: 0 }),
      ];
      for (const each of tries) try { each(); } catch { /* refused */ }
      await fetch("http://me:pw@127.0.0.1:8099/x?k=v").catch(() => {});
    `;
    await Deno.writeTextFile(`${cwd}/try.ts`, program);
    const log = `${cwd}/log.jsonl`;
    await Deno.writeTextFile(log, "from an earlier start\n");
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-prompt", "--no-config", `--allow-read=${cwd}`, "try.ts"],
      cwd,
      env: { DENO_AUDIT_PERMISSIONS: log, NO_COLOR: "1" },
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    const lines = (await Deno.readTextFile(log)).trimEnd().split("\n").map((line) => {
      const { v, datetime, permission, value, ...rest } = JSON.parse(line);
      assert.equal(v, 1);
      assert.match(datetime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      assert.deepEqual(rest, {}, "there may be decisions in it now");
      return `${permission} ${value}`;
    });
    assert.deepEqual(lines, [
      "read a/../b",
      "read /etc/shadow",
      "write b",
      "env HOME",
      "env null",
      "write <TMP>",
      "net 127.0.0.1:0",
      "net 127.0.0.1:0",
      "net http://me:pw@127.0.0.1:8099/x?k=v",
      "net 127.0.0.1:8099",
    ]);
  });
});

Deno.test("audit() fits the terminal", async () => {
  await withFolder(async (cwd) => {
    const it = await world(cwd);
    await journal(it, whole);
    await Deno.writeTextFile(
      `${it.folder}/audit/1-runner.jsonl`,
      log([`6 read /srv/${"long/".repeat(30)}`]),
    );
    const context = { ...it.place.context, columns: 80 };
    await audit({ ...run, format: "text" }, { ...it.place, context });
    const lines = it.place.said.out.split("\n");
    assert.deepEqual(lines.filter((line) => line.length > 80), []);
    assert.match(it.place.said.out, /read \/srv\/long\/.*\n {4}long\//);
  });
});
