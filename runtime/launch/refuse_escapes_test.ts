// flags: --allow-read=<tmp> --allow-write=<tmp>
import assert from "node:assert/strict";
import { FailedError, RefusedError } from "../../engine/errors.ts";
import { type Permissions, permissions } from "../../engine/permissions/permissions.ts";
import { findPrograms } from "./find_programs.ts";
import { refuseEscapes } from "./refuse_escapes.ts";
import { deniedToRunner, denyWrite } from "./trusted_paths.ts";

const places = { deno: "/opt/deno", project: "/w/repo", cwd: "/", runs: "/w/runs", tmp: "/tmp" };
const run = (program: string, more: object = {}) => [{ program, args: [], env: [], ...more }];
const judge = (parts: Partial<Permissions>, programs: Record<string, string> = {}) => () =>
  refuseEscapes(permissions(parts), programs, places);

Deno.test("refuseEscapes() lets pass a program that lies elsewhere than what is written", () => {
  judge({ write: ["/srv/a"], run: run("ln") }, { ln: "/usr/bin/ln" })();
  judge({ write: ["/srv/a"], run: run("/srv/ab/tool") })();
});

Deno.test("refuseEscapes() refuses one process that may write a program and run it", () => {
  assert.throws(
    judge({ write: ["/srv"], run: run("/srv/a/tool") }),
    /may not start \/srv\/a\/tool/,
  );
  assert.throws(judge({ write: ["/usr"], run: run("ln") }, { ln: "/usr/bin/ln" }), RefusedError);
  judge({ write: ["/srv"], run: run("/srv/a/tool", { brokered: true }) })();
});

Deno.test("refuseEscapes() refuses interpreters to a runner", () => {
  assert.throws(judge({ run: run("bash") }, { bash: "/usr/bin/bash" }), /no step may start bash/);
  assert.throws(judge({ run: run("/opt/tools/deno") }), RefusedError);
  for (const name of ["env", "sudo", "systemd-run", "unshare", "busybox", "bwrap", "nsenter"]) {
    assert.throws(judge({ run: run(name) }, { [name]: `/usr/bin/${name}` }), RefusedError, name);
  }
  // Behind a link as well; brokered, it is the launcher's, which checks each argument.
  judge({ run: run("env", { brokered: true }) }, { env: "/usr/bin/env" })();
  // An interpreter as such is what some surfaces are for, and said in every view.
  judge({ run: run("python3") }, { python3: "/opt/python3" })();
});

Deno.test("refuseEscapes() refuses the key of the tokens", () => {
  assert.throws(judge({ env: ["SLUICE_TOKEN_KEY"] }), /forge/);
});

Deno.test("refuseEscapes() refuses writing what starts processes; deniedToRunner() has it below", () => {
  for (const path of ["/w/repo/engine", "/w/repo/runtime/x.ts", "/w/repo/deno.json", "/opt/deno"]) {
    assert.throws(judge({ write: [path] }), RefusedError, path);
  }
  judge({ write: ["/w/repo/artifacts", "/w"] })();
  const denied = (...write: string[]) =>
    deniedToRunner(permissions({ write }), "/w/runs/1", places);
  assert.ok(denied("/w").includes("/w/repo/deno.json"));
  assert.ok(denied("/w").includes("/w/runs/1/audit"), "the logs that Deno keeps");
  assert.deepEqual(denied("/w/runs/1"), ["/w/runs/1/audit"]);
  assert.deepEqual(denied("/w/repo/artifacts"), []);
  assert.deepEqual(denyWrite(["/a", "/d"]), ["--deny-write=/a,/d"]);
  assert.deepEqual(denyWrite([]), []);
});

Deno.test("findPrograms() looks into the given folders only, for files that can be run", async () => {
  const first = await Deno.makeTempDir();
  const second = await Deno.makeTempDir();
  await Deno.writeTextFile(`${first}/tool`, "", { mode: 0o644 });
  await Deno.writeTextFile(`${second}/tool`, "", { mode: 0o755 });
  await Deno.mkdir(`${first}/folder`);
  const folders = [first, second];
  const set = permissions({ run: [...run("tool"), ...run("/abs/other")] });
  assert.deepEqual(findPrograms(set, folders), { tool: `${second}/tool` });
  for (const name of ["folder", "missing", "../tool", ".", "constructor"]) {
    assert.throws(() => findPrograms(permissions({ run: run(name) }), folders), FailedError, name);
  }
});
