/**
 * What every kit has to do, whatever form it has. It is started by its start script, and looked at
 * from outside: standard output, exit code, journal, and what the box around it lets it see.
 *
 * @module
 */
import assert from "node:assert/strict";
import { removeTree } from "../../steps/release/remove_tree.ts";
import { type Program, startProgram } from "./start_program.ts";
import { type Ended, mustRun, runProgram } from "./run_program.ts";
import { makeTestProject, projectIn, type TestProject } from "./test_project.ts";

export type Form = "folder" | "binary";

const formFlags: Readonly<Record<Form, readonly string[]>> = { folder: [], binary: ["--binary"] };

/** A service that answers as it is told. */
function serve(status: string) {
  const state = { status, asked: Promise.withResolvers<void>() };
  const reset = () => {
    state.status = status;
    state.asked = Promise.withResolvers();
  };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
    state.asked.resolve();
    return Response.json({ status: state.status, version: "1.0" });
  });
  return {
    state,
    reset,
    url: `http://127.0.0.1:${server.addr.port}/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

interface Bed extends AsyncDisposable {
  readonly top: string;
  readonly project: TestProject;
  readonly service: ReturnType<typeof serve>;
  /** The kit of the surface `switch`; it keeps its runs in `switch-runs`. */
  readonly switchKit: string;
  /** The kit of the surface `watch`, and where it keeps its runs. */
  readonly kit: string;
  readonly runs: string;
  readonly root: string;
  /** Starts the kit, with words behind the start script. */
  start(...words: readonly string[]): Program;
  run(...words: readonly string[]): Promise<Ended>;
  /** As it was at first: no runs, the service well, the older release current. */
  reset(): Promise<void>;
  /** The journals of its runs, oldest first. */
  journals(): Promise<readonly { readonly id: string; readonly lines: readonly Line[] }[]>;
}

type Line = Readonly<Record<string, unknown>>;

/** Declares the tests of one form. */
export function compiledSuite(form: Form): void {
  let made: Promise<Bed> | undefined;
  const test = (name: string, body: (bed: Bed) => Promise<void>) =>
    Deno.test(`a compiled ${form} ${name}`, async () => {
      const bed = await (made ??= makeBed(form));
      await bed.reset();
      await body(bed);
    });
  Deno.test.afterAll(async () => {
    await (await made)?.[Symbol.asyncDispose]();
  });

  test("writes tokens and nothing else to standard output, ends 0, and keeps a journal", async (bed) => {
    const { code, stdout, stderr } = await bed.run();
    assert.equal(code, 0, stderr);
    const [{ id, lines } = { id: "", lines: [] }] = await bed.journals();
    assert.deepEqual(stdout.replaceAll(/"elapsed_s":[\d.]+/g, '"elapsed_s":0').split("\n"), [
      `APPLIANCE_STEP:A0-1:START:{"run":"${id}","seq":1}`,
      `APPLIANCE_STEP:A0-1:OK:{"run":"${id}","seq":2,"elapsed_s":0}`,
      `APPLIANCE_STEP:A0-2:START:{"run":"${id}","seq":3}`,
      `APPLIANCE_STEP:A0-2:OK:{"run":"${id}","seq":4,"elapsed_s":0}`,
      "",
    ]);
    assert.equal(lines[0]?.["type"], "run.started");
    assert.equal(lines.at(-1)?.["type"], "run.finished");
    const json = await bed.run("--tokens", "json");
    assert.equal(json.code, 0, json.stderr);
    for (const line of json.stdout.trimEnd().split("\n")) {
      assert.match(JSON.parse(line).token, /^APPLIANCE_STEP:/);
    }
  });

  test("says in its exit code what a person did wrong", async (bed) => {
    const wrong = await bed.run("--nonsense");
    assert.equal(wrong.code, 64);
    assert.match(wrong.stderr, /Unknown option '--nonsense'\n {2}help: --help lists/);
    const asked = await bed.run("--help");
    assert.deepEqual([asked.code, asked.stderr], [0, ""]);
    assert.match(asked.stdout, /--undo RUN {12}undo a run\n/);
    const nowhere = await bed.run("--resume", "20010101-000000-0000");
    assert.equal(nowhere.code, 2);
    assert.match(nowhere.stderr, /there is no plan in .*20010101-000000-0000/);
  });

  test("goes on with a run that was killed, and begins a new one only then", async (bed) => {
    bed.service.state.status = "starting";
    const killed = bed.start();
    await killed.until(bed.service.state.asked.promise);
    killed.kill("SIGKILL");
    assert.equal((await killed.ended).code, 128 + 9);
    bed.service.state.status = "ok";
    const again = await bed.run();
    assert.equal(again.code, 0, again.stderr);
    const [only, ...others] = await bed.journals();
    assert.deepEqual(others, []);
    assert.ok(only!.lines.some(({ type }) => type === "run.resumed"));
    assert.match(again.stdout, new RegExp(`A0-2:OK:.*"run":"${only!.id}"`));
    assert.equal((await bed.run()).code, 0);
    assert.equal((await bed.journals()).length, 2);
  });

  test("is busy while another one is at work", async (bed) => {
    bed.service.state.status = "starting";
    const first = bed.start();
    await first.until(bed.service.state.asked.promise);
    const second = await bed.run();
    assert.equal(second.code, 10, second.stderr);
    first.kill("SIGTERM");
    await first.ended;
  });

  test("stops and undoes at SIGTERM, and ends 130", async (bed) => {
    bed.service.state.status = "starting";
    const running = bed.start();
    await running.until(bed.service.state.asked.promise);
    running.kill("SIGTERM");
    const { code, stdout, stderr } = await running.ended;
    assert.equal(code, 130, stderr);
    assert.match(stdout, /APPLIANCE_STEP:A0-2:FAIL:/);
    const [{ lines } = { lines: [] }] = await bed.journals();
    assert.equal(lines.at(-1)?.["outcome"], "interrupted");
  });

  test("gets nothing of the environment but what Deno needs", async (bed) => {
    bed.service.state.status = "starting";
    const planted = { SECRET: "s3cret", BASH_ENV: "/tmp/x", ENV: "/tmp/x", DENO_V8_FLAGS: "--x" };
    const running = startProgram("/bin/sh", [`${bed.kit}/start`], planted);
    await running.until(bed.service.state.asked.promise);
    const environ = await mustRun("/usr/bin/cat", [`/proc/${running.pid}/environ`]);
    running.kill("SIGTERM");
    await running.ended;
    const names = environ.split("\0").filter(Boolean).map((entry) => entry.split("=")[0]!);
    const ofDeno = /^(DENO_(DIR|NO_UPDATE_CHECK|CERT|TLS_CA_STORE)|HOME|NO_COLOR|(NODE|SSL)_\w+)$/;
    assert.deepEqual(names.filter((name) => !ofDeno.test(name)), []);
    assert.match(environ, /(^|\0)DENO_DIR=\/dev\/null\0/);
  });

  test("says who it is, and holds nothing without a list", async (bed) => {
    const { code, stdout } = await bed.run("--hello", "a greeting");
    assert.equal(code, 0);
    const { sluice_runner, open } = JSON.parse(stdout);
    assert.deepEqual({ sluice_runner, open }, { sluice_runner: "a greeting", open: [] });
  });

  test("runs on a machine with nothing but itself: no checkout, cache or network", async (bed) => {
    const kit = bed.switchKit;
    // The checkout is gone, and so is everything else that the box does not name.
    await Deno.rename(bed.project.folder, `${bed.top}/gone`);
    const data = `${bed.top}/appliance`;
    const { code, stdout, stderr } = await runProgram("/usr/bin/bwrap", [
      ...["--unshare-all", "--die-with-parent", "--clearenv"],
      ...systemFolders(),
      ...["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", "/root"],
      ...["--ro-bind", kit, "/opt/kit"],
      ...["--bind", data, data, "--bind", `${bed.top}/switch-runs`, `${bed.top}/switch-runs`],
      ...["--", "/opt/kit/start"],
    ]).finally(() => Deno.rename(`${bed.top}/gone`, bed.project.folder));
    assert.equal(code, 0, stderr);
    assert.match(stdout, /APPLIANCE_STEP:P5-3:OK:/);
    assert.equal(await Deno.readLink(`${data}/current`), "releases/2.0.0");
  });

  test("can be neither changed nor fed by what it runs", async (bed) => {
    const before = await sums(bed.kit);
    assert.equal((await bed.run()).code, 0);
    assert.deepEqual(await sums(bed.kit), before);
    await mustRun("/usr/bin/sha256sum", ["--check", "--quiet", "SHA256SUMS"], { cwd: bed.kit });
  });

  test("compiles to the same bytes again, wherever the checkout lies", async (bed) => {
    const before = await sums(bed.kit);
    await compile(bed.project, "watch", bed.kit, form, bed.runs);
    assert.deepEqual(await sums(bed.kit), before);
    const { folder } = bed.project;
    const moved = projectIn(`${bed.top}/moved/checkout`);
    await Deno.mkdir(`${bed.top}/moved`);
    await Deno.rename(folder, moved.folder);
    await compile(moved, "watch", `${bed.top}/elsewhere`, form, bed.runs)
      .finally(() => Deno.rename(moved.folder, folder));
    assert.deepEqual(await sums(`${bed.top}/elsewhere`), before);
  });

  test("fails clearly where its runs cannot be kept", async (bed) => {
    await Deno.writeTextFile(bed.runs, "a file in the way");
    const { code, stderr } = await bed.run();
    assert.ok(code === 2 || code === 4, `${code} ${stderr}`);
    assert.match(stderr, /^sluice: /);
    assert.doesNotMatch(stderr, / at .*\.(ts|js):/);
  });

  if (form !== "folder") return;

  test("refuses what goes beyond its set, before anything is done", async (bed) => {
    // The plan of another surface: its steps want what these flags do not grant.
    const own = await Deno.readTextFile(`${bed.kit}/plan.json`);
    await Deno.copyFile(`${bed.switchKit}/plan.json`, `${bed.kit}/plan.json`);
    const { code, stdout, stderr } = await bed.run();
    await Deno.writeTextFile(`${bed.kit}/plan.json`, own);
    assert.equal(code, 7, stderr);
    assert.equal(stdout, "");
    assert.match(
      stderr,
      /not started with what the plan needs: run ln, read .*\/appliance, write /,
    );
    await assert.rejects(Deno.stat(bed.runs), Deno.errors.NotFound);
    assert.equal(await Deno.readLink(`${bed.top}/appliance/current`), "releases/1.0.0");
  });

  test("refuses a plan that was changed or is none", async (bed) => {
    const text = await Deno.readTextFile(`${bed.kit}/plan.json`);
    const plans: readonly (readonly [text: string, message: RegExp])[] = [
      [text.slice(0, text.length / 2), /the plan is not JSON/],
      [text.replaceAll("60000", "90000"), /the plan is not the one its digest names/],
      [text.replaceAll("http.probe", "http.prod"), /plan/],
    ];
    for (const [changed, message] of plans) {
      assert.notEqual(changed, text);
      await Deno.writeTextFile(`${bed.kit}/plan.json`, changed);
      const { code, stdout, stderr } = await bed.run();
      assert.equal(code, 2, stderr);
      assert.equal(stdout, "");
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, / at .*\.(ts|js):/);
    }
    await Deno.writeTextFile(`${bed.kit}/plan.json`, text);
  });
}

async function makeBed(form: Form): Promise<Bed> {
  const top = await Deno.realPath(await Deno.makeTempDir());
  const service = serve("ok");
  const root = `${top}/root`;
  const runs = `${top}/runs`;
  const kit = `${top}/kit`;
  await Deno.mkdir(root);
  const project = await makeTestProject(
    `${top}/checkout`,
    `  watch:
    kind: fixed
    note: Watch a service
    pipeline: pipelines/watch.yaml
    params: { root: "${root}", url: "${service.url}" }
  switch:
    kind: fixed
    pipeline: pipelines/switch.yaml
    params: { root: "${top}/appliance" }
`,
  );
  await compile(project, "watch", kit, form, runs);
  const switchKit = `${top}/switch`;
  await compile(project, "switch", switchKit, form, `${top}/switch-runs`);
  const start = (...words: readonly string[]) =>
    startProgram("/bin/sh", [`${kit}/start`, ...words]);
  return {
    top,
    project,
    service,
    switchKit,
    kit,
    runs,
    root,
    start,
    run: (...words) => start(...words).ended,
    async reset() {
      service.reset();
      for (const name of ["runs", "switch-runs", "appliance"]) await removeTree(`${top}/${name}`);
      await Deno.mkdir(`${top}/switch-runs`);
      await makeAppliance(`${top}/appliance`);
    },
    async journals() {
      const ids = (await Array.fromAsync(Deno.readDir(runs))).map(({ name }) => name).sort();
      return await Promise.all(ids.map(async (id) => {
        const text = await Deno.readTextFile(`${runs}/${id}/journal.jsonl`);
        return { id, lines: text.trimEnd().split("\n").map((line): Line => JSON.parse(line)) };
      }));
    },
    async [Symbol.asyncDispose]() {
      await service[Symbol.asyncDispose]();
      await removeTree(top);
    },
  };
}

/** An installation with two releases, the first of them current. */
async function makeAppliance(root: string): Promise<void> {
  for (const version of ["1.0.0", "2.0.0"]) {
    await Deno.mkdir(`${root}/releases/${version}`, { recursive: true });
  }
  await mustRun("/usr/bin/ln", ["-s", "--", "releases/1.0.0", `${root}/current`]);
}

async function compile(
  { sluice }: TestProject,
  surface: string,
  output: string,
  form: Form,
  runs: string,
): Promise<void> {
  const args = ["compile", surface, "--output", output, "--runs", runs, ...formFlags[form]];
  const { code, stderr } = await sluice(args);
  assert.equal(code, 0, stderr);
}

/** What every program needs of a system, read-only. */
function systemFolders(): readonly string[] {
  return ["/usr", "/bin", "/lib", "/lib64"].flatMap((path) => {
    try {
      return Deno.lstatSync(path).isSymlink
        ? ["--symlink", Deno.readLinkSync(path), path]
        : ["--ro-bind", path, path];
    } catch {
      return [];
    }
  });
}

/** The digests of a kit's files, and their modes. */
async function sums(folder: string): Promise<string> {
  const files = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
  const digests = await mustRun("/usr/bin/sha256sum", files, { cwd: folder });
  const modes = files.map((name) => Deno.lstatSync(`${folder}/${name}`).mode?.toString(8));
  return digests + modes.join(" ");
}
