/**
 * What every kit has to do, whatever form it has. It is started by its start script, and looked at
 * from outside: standard output, exit code, journal, and what the box around it lets it see.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type CompiledBed, compileKit, type Form, makeCompiledBed } from "./compiled_bed.ts";
import { mustRun, runProgram } from "./run_program.ts";
import { startProgram } from "./start_program.ts";
import { projectIn } from "./test_project.ts";

/** Declares the tests of one form. */
export function compiledSuite(form: Form): void {
  let made: Promise<CompiledBed> | undefined;
  const test = (name: string, body: (bed: CompiledBed) => Promise<void>) =>
    Deno.test(`a compiled ${form} ${name}`, async () => {
      const bed = await (made ??= makeCompiledBed(form));
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
    bed.service.seen.status = "starting";
    const killed = bed.start();
    await bed.service.untilAsked(killed);
    killed.kill("SIGKILL");
    assert.equal((await killed.ended).code, 128 + 9);
    bed.service.seen.status = "ok";
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
    bed.service.seen.status = "starting";
    const first = bed.start();
    await bed.service.untilAsked(first);
    const second = await bed.run();
    assert.equal(second.code, 10, second.stderr);
    first.kill("SIGTERM");
    await first.ended;
  });

  test("stops and undoes at SIGTERM, and ends 130", async (bed) => {
    bed.service.seen.status = "starting";
    const running = bed.start();
    await bed.service.untilAsked(running);
    running.kill("SIGTERM");
    const { code, stdout, stderr } = await running.ended;
    assert.equal(code, 130, stderr);
    assert.match(stdout, /APPLIANCE_STEP:A0-2:FAIL:/);
    const [{ lines } = { lines: [] }] = await bed.journals();
    assert.equal(lines.at(-1)?.["outcome"], "interrupted");
  });

  test("gets nothing of the environment but what Deno needs", async (bed) => {
    bed.service.seen.status = "starting";
    const planted = { SECRET: "s3cret", BASH_ENV: "/tmp/x", ENV: "/tmp/x", DENO_V8_FLAGS: "--x" };
    const running = startProgram("/bin/sh", [`${bed.kit}/start`], planted);
    await bed.service.untilAsked(running);
    const environ = await mustRun("/usr/bin/cat", [`/proc/${running.pid}/environ`]);
    running.kill("SIGTERM");
    await running.ended;
    const names = environ.split("\0").filter(Boolean).map((entry) => entry.split("=")[0]!);
    const ofDeno = /^(DENO_(DIR|NO_UPDATE_CHECK|CERT|TLS_CA_STORE)|HOME|NO_COLOR|(NODE|SSL)_\w+)$/;
    assert.deepEqual(names.filter((name) => !ofDeno.test(name)), []);
    assert.match(environ, /(^|\0)DENO_DIR=\/dev\/null\0/);
  });

  test("gets no file that whoever starts it has open", async (bed) => {
    bed.service.seen.status = "starting";
    const secret = `${bed.top}/open.txt`;
    await Deno.writeTextFile(secret, "");
    const open = `exec 7<"$2"; [ "$(readlink /proc/$$/fd/7)" = "$2" ] && exec /bin/sh "$1"`;
    const running = startProgram("/bin/sh", ["-c", open, "sh", `${bed.kit}/start`, secret]);
    await bed.service.untilAsked(running);
    const links = await mustRun("/bin/sh", [
      ...["-c", 'for link in /proc/"$1"/fd/*; do readlink "$link"; done', "sh"],
      String(running.pid),
    ]);
    running.kill("SIGTERM");
    await running.ended;
    assert.ok(links.includes("socket:"), links);
    assert.ok(!links.includes(secret), links);
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
    await compileKit(bed.project, "watch", bed.kit, form, bed.runs);
    assert.deepEqual(await sums(bed.kit), before);
    const { folder } = bed.project;
    const moved = projectIn(`${bed.top}/moved/checkout`);
    await Deno.mkdir(`${bed.top}/moved`);
    await Deno.rename(folder, moved.folder);
    await compileKit(moved, "watch", `${bed.top}/elsewhere`, form, bed.runs)
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
