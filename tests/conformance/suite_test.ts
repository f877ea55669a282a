// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-net=<loopback> --allow-run=<deno>,ln
/**
 * What every step of the registry has to keep, whatever it does. Each check builds a new world and
 * runs the step in a process that has its declared permissions and no others.
 *
 * @module
 */
import assert from "node:assert/strict";
import * as v from "valibot";
import { denoFlags } from "../../engine/permissions/deno_flags.ts";
import { ignoreLibraryVariables } from "../../engine/permissions/library_variables.ts";
import type { JsonObject } from "../../engine/json.ts";
import { none, type Permissions, type ProgramGrant } from "../../engine/permissions/permissions.ts";
import { registry } from "../../steps/registry.ts";
import { fixtures } from "./fixtures.ts";
import type { Fixture, World } from "./fixture.ts";
import type { Job, Result } from "./harness.ts";
import { snapshot } from "./snapshot.ts";

const harness = new URL("harness.ts", import.meta.url).pathname;
const project = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");
const systemFolders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** Most points at which a failure is injected into one step, spread evenly over its effects. */
const mostFaults = 12;

Deno.test("every step of the registry has a fixture", () => {
  assert.deepEqual(fixtures.map(({ step }) => step.name).sort(), [...registry.keys()].sort());
});

for (const fixture of fixtures) {
  const { step } = fixture;
  const test = (what: string, body: () => Promise<void>) => Deno.test(`${step.name} ${what}`, body);

  test("has pure permissions", () =>
    inWorld(fixture, (world) => {
      const params = freeze(structuredClone(world.params));
      const first = step.permissions(params);
      assert.deepEqual(step.permissions(params), first);
      assert.deepEqual(step.permissions(structuredClone(params)), first);
      return Promise.resolve();
    }));

  test("runs under exactly its declared set, and names artifacts that exist", () =>
    inWorld(fixture, async (world, dir) => {
      const result = await start(fixture, world, { runFolder: `${dir}.run` });
      assert.equal(result.exit, 0, result.message);
      assert.deepEqual(v.safeParse(step.facts, result.facts).issues, undefined);
      await world.verify?.(result.facts!);
      for (const path of result.artifacts) await Deno.lstat(path);
    }));

  test("gives the same facts twice", () =>
    inWorld(fixture, async (world, dir) => {
      const first = await start(fixture, world, { runFolder: `${dir}.run1` });
      const second = await start(fixture, world, { runFolder: `${dir}.run2` });
      assert.equal(second.exit, 0, second.message);
      const stable = (facts: JsonObject = {}) =>
        Object.fromEntries(
          Object.entries(facts).filter(([name]) => !(name in (world.varying ?? {}))),
        );
      assert.deepEqual(stable(second.facts), stable(first.facts));
    }));

  test("needs every grant it declares", async () => {
    const faults: string[] = [];
    for (const removed of await grantsOf(fixture)) {
      await inWorld(fixture, async (world, dir) => {
        if (world.unused?.[removed.name] !== undefined) return;
        const without = removed.from(step.permissions(world.params).run);
        const result = await start(fixture, world, { runFolder: `${dir}.run` }, without);
        // The undo of what was refused may be refused as well, which makes the exit code 4.
        if (result.exit !== 7 && !result.message.startsWith("the sandbox refused")) {
          faults.push(`without ${removed.name} it ended with ${result.exit}: ${result.message}`);
        }
      });
    }
    assert.deepEqual(faults, []);
  });

  test("settles within a second of an abort", () =>
    inWorld(fixture, async (world, dir) => {
      const before = await snapshot(world.watched ?? []);
      for (const abortAfter of [0, 3, 30]) {
        const runFolder = `${dir}.run${abortAfter}`;
        const result = await start(fixture, world, { runFolder, abortAfter });
        // Loose, because machines that run tests are busy: what counts is that it does not wait.
        assert.ok(result.settled_ms < 5000, `it took ${result.settled_ms} ms`);
        if (result.exit === 0) return; // It was done before.
        assert.equal(result.exit, 130, result.message);
        if (step.effect !== "irreversible") {
          assert.deepEqual(await snapshot(world.watched ?? []), before);
        }
      }
    }));

  if (step.effect !== "reversible") continue;

  test("is undone after success, and a second undo changes nothing", () =>
    inWorld(fixture, async (world, dir) => {
      const before = await snapshot(world.watched ?? []);
      const runFolder = `${dir}.run`;
      const done = await start(fixture, world, { runFolder });
      assert.equal(done.exit, 0, done.message);
      for (let time = 0; time < 2; time++) {
        const undone = await start(fixture, world, { runFolder, undo: true });
        assert.equal(undone.exit, world.undoExit ?? 0, undone.message);
        if (world.undoExit === undefined) {
          assert.deepEqual(await snapshot(world.watched ?? []), before);
        }
      }
    }));

  test("is undone under what it declares for that alone", () =>
    inWorld(fixture, async (world, dir) => {
      const { undo } = step.permissions(world.params);
      const runFolder = `${dir}.run`;
      const done = await start(fixture, world, { runFolder });
      assert.equal(done.exit, 0, done.message);
      const undone = await start(fixture, world, { runFolder, undo: true }, undo ?? none);
      assert.equal(undone.exit, world.undoExit ?? 0, undone.message);
    }));

  test("is undone after a failure at any of its effects", async () => {
    let effects = 0;
    await inWorld(fixture, async (world, dir) => {
      effects = (await start(fixture, world, { runFolder: `${dir}.run` })).effects;
    });
    const stride = Math.max(1, Math.ceil(effects / mostFaults));
    for (let failAt = 1; failAt <= effects; failAt += stride) {
      await inWorld(fixture, async (world, dir) => {
        const before = await snapshot(world.watched ?? []);
        const result = await start(fixture, world, { runFolder: `${dir}.run`, failAt });
        assert.notEqual(result.exit, 0, `effect ${failAt} of ${effects} failed unseen`);
        const after = await snapshot(world.watched ?? []);
        assert.deepEqual(after, before, `after effect ${failAt} of ${effects}: ${result.message}`);
        for (const path of result.artifacts) await Deno.lstat(path);
      });
    }
  });
}

/** A world in a folder of its own, and its end. */
async function inWorld(
  fixture: Fixture,
  work: (world: World, dir: string) => Promise<void>,
): Promise<void> {
  const around = await Deno.makeTempDir();
  const dir = `${around}/w`;
  await Deno.mkdir(dir);
  await using world = await fixture.arrange(dir);
  await work(world, dir);
}

async function start(
  { step }: Fixture,
  world: World,
  job: Pick<Job, "runFolder" | "undo" | "failAt" | "abortAfter">,
  launched?: Permissions,
): Promise<Result> {
  const declared = step.permissions(world.params);
  const needed = launched === undefined ? [declared.run, declared.undo] : [launched];
  const programs = await findPrograms([declared.run, declared.undo]);
  const before = (world.before ?? []).map((one) => one.step.permissions(one.params).run);
  const brokers = (launched ?? declared.run).run.some(({ brokered }) => brokered === true);
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--cached-only",
      "--no-check",
      ...(brokers ? ["--ignore-env"] : ignoreLibraryVariables([])),
      ...(brokers ? [`--allow-run=${Deno.execPath()}`] : []),
      ...flags([...needed, ...before, runFolderGrants(job.runFolder)], programs),
      harness,
    ],
    env: { ...world.env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = process.stdin.getWriter();
  const late = world.late ?? {};
  const broker = { deno: Deno.execPath(), project };
  const whole: Job = {
    uses: step.name,
    params: world.params,
    late,
    ...(world.before === undefined ? {} : {
      before: world.before.map(({ step, params, late = {} }) => ({
        uses: step.name,
        params,
        late,
      })),
    }),
    programs,
    ...(brokers ? { broker } : {}),
    ...job,
  };
  await writer.write(new TextEncoder().encode(JSON.stringify(whole)));
  await writer.close();
  const { stdout, stderr } = await process.output();
  const text = new TextDecoder().decode(stdout);
  try {
    return JSON.parse(text) as Result;
  } catch {
    throw new Error(`the harness broke: ${text}${new TextDecoder().decode(stderr)}`);
  }
}

function runFolderGrants(folder: string): Permissions {
  return {
    read: [folder],
    write: [folder],
    connect: [],
    listen: [],
    env: [],
    sys: [],
    run: [],
  };
}

function flags(
  sets: readonly (Permissions | undefined)[],
  programs: Readonly<Record<string, string>>,
): string[] {
  const present = sets.filter((set) => set !== undefined);
  const all = <K extends keyof Permissions>(kind: K) => present.flatMap((set) => [...set[kind]]);
  const set: Permissions = {
    read: all("read") as string[],
    write: all("write") as string[],
    connect: all("connect") as string[],
    listen: all("listen") as string[],
    env: all("env") as string[],
    sys: all("sys") as string[],
    run: all("run") as ProgramGrant[],
  };
  return denoFlags(set, { programs });
}

async function findPrograms(
  sets: readonly (Permissions | undefined)[],
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { program } of sets.flatMap((set) => set?.run ?? [])) {
    if (program.startsWith("/")) continue;
    for (const folder of systemFolders) {
      const path = `${folder}/${program}`;
      if (await Deno.lstat(path).then(() => true, () => false)) found[program] ??= path;
    }
  }
  return found;
}

interface RemovedGrant {
  /** Such as `read /srv/atp`, with the world's folder written as `DIR`. */
  readonly name: string;
  from(set: Permissions): Permissions;
}

/** Every way to take one grant away. Programs go by name: Deno knows no shapes. */
async function grantsOf(fixture: Fixture): Promise<readonly RemovedGrant[]> {
  const removed: RemovedGrant[] = [];
  await inWorld(fixture, (world, dir) => {
    const set = fixture.step.permissions(world.params).run;
    for (const kind of ["read", "write", "connect", "listen", "env", "sys"] as const) {
      new Set(set[kind]).forEach((entry) => {
        // Deno wants reading and writing of a socket's path with its connection: one right, not three.
        if (set.connect.includes(`unix:${entry}`)) return;
        const index = [...new Set(set[kind])].indexOf(entry);
        const name = `${kind} ${entry.replaceAll(dir, "DIR").replace(/:\d+$/, ":PORT")}`;
        removed.push({
          name,
          from: (of) => {
            const gone = [...new Set(of[kind])][index];
            return { ...of, [kind]: of[kind].filter((each) => each !== gone) };
          },
        });
      });
    }
    const programsOf = (of: Permissions) => [...new Set(of.run.map(({ program }) => program))];
    programsOf(set).forEach((program, index) => {
      removed.push({
        name: `run ${program.replaceAll(dir, "DIR")}`,
        from: (of) => {
          const gone = programsOf(of)[index];
          return { ...of, run: of.run.filter((grant) => grant.program !== gone) };
        },
      });
    });
    return Promise.resolve();
  });
  return removed;
}

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}
