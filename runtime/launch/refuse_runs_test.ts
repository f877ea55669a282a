// flags: --allow-read=<tmp> --allow-write=<tmp> --allow-run=ln
import assert from "node:assert/strict";
import { RefusedError } from "../../engine/errors.ts";
import { none, type Permissions, permissions } from "../../engine/permissions/permissions.ts";
import { refuseGrantedRuns, refuseRuns } from "./refuse_runs.ts";

const runs = "/srv/.sluice/runs";
const places = {
  deno: "/opt/deno/bin/deno",
  project: "/opt/sluice",
  cwd: "/srv",
  runs,
  tmp: "/tmp",
};

function refused(write: readonly string[], box?: readonly string[]): boolean {
  const hook = {
    program: "/srv/hook",
    args: [],
    env: [],
    brokered: true,
    box: { read: [], write: box ?? [], network: false },
  } as const;
  const set = permissions({ write, ...(box === undefined ? {} : { run: [hook] }) });
  try {
    refuseRuns(set, `${runs}/r1`, { runs });
    return false;
  } catch (error) {
    assert.ok(error instanceof RefusedError && error.message.includes(runs));
    return true;
  }
}

Deno.test("refuseRuns() lets a run write its own folder and what is elsewhere", () => {
  assert.equal(
    refused([`${runs}/r1`, `${runs}/r1/artifacts`, "/srv/data", "/srv/.sluice/runs2"]),
    false,
  );
  assert.equal(refused([], ["/srv/data"]), false);
});

Deno.test("refuseRuns() refuses other runs, their records, all runs, and any folder above", () => {
  for (
    const path of [`${runs}/r2`, `${runs}/r2.launches.jsonl`, runs, "/srv/.sluice", "/srv", "/"]
  ) {
    assert.equal(refused([path]), true, path);
    assert.equal(refused([], [path]), true, path);
  }
});

Deno.test("refuseRuns() looks behind links, of what is written and of the runs", async () => {
  const top = await Deno.realPath(await Deno.makeTempDir());
  await Deno.mkdir(`${top}/real/r1`, { recursive: true });
  const link = (target: string, path: string) =>
    new Deno.Command("/usr/bin/ln", { args: ["-s", "--", target, path] }).output();
  await link(`${top}/real`, `${top}/runs`);
  await link(`${top}/real`, `${top}/other`);
  const refuses = (path: string) => {
    const set = permissions({ write: [path] });
    assert.throws(() => refuseRuns(set, `${top}/runs/r1`, { runs: `${top}/runs` }), RefusedError);
  };
  refuses(`${top}/other/r2`);
  refuses(`${top}/real`);
  refuseRuns(permissions({ write: [`${top}/other/r1`] }), `${top}/runs/r1`, {
    runs: `${top}/runs`,
  });
});

Deno.test("refuseGrantedRuns() refuses steps of others what is in another run", () => {
  const judged = (set: Parameters<typeof permissions>[0], undo = none) =>
    refuseGrantedRuns(
      { A: { code: "sha256:c", run: permissions(set), undo } },
      `${runs}/r1`,
      places,
    );
  judged({ read: ["/srv", `${runs}/r1/artifacts`], write: ["/srv/data"] });
  const told = /A is granted .*\/runs.*: no step of others sees another run/;
  assert.throws(() => judged({ read: [`${runs}/r2/plan.json`] }), told);
  assert.throws(() => judged({ write: [`${runs}/r2.launches.jsonl`] }), told);
  assert.throws(() => judged({ read: [runs] }), told);
  assert.throws(() => judged({}, permissions({ read: [`${runs}/r2`] })), told);
  const program = { args: [], env: [], brokered: true } as const;
  const box = { read: [`${runs}/r2`], write: [], network: false };
  assert.throws(() => judged({ run: [{ ...program, program: "cat", box }] }), told);
  assert.throws(() => judged({ run: [{ ...program, program: `${runs}/r2/hook` }] }), told);
});

Deno.test("refuseGrantedRuns() refuses steps of others to write a folder above all runs", () => {
  const judged = (run: Permissions, undo = none) =>
    refuseGrantedRuns({ A: { code: "sha256:c", run, undo } }, `${runs}/r1`, places);
  const told = /A may not write .*: it holds .*\/runs, where runs are kept/;
  for (const path of ["/srv", "/srv/.sluice", "/"]) {
    const set = permissions({ write: [path] });
    assert.throws(() => judged(set), told, path);
    assert.throws(() => judged(none, set), told, path);
    const box = { read: [], write: [path], network: false };
    const program = { program: "cat", args: [], env: [], brokered: true, box } as const;
    assert.throws(() => judged(permissions({ run: [program] })), told, path);
  }
  judged(permissions({ read: ["/srv"], write: ["/srv/data", "/srv/.sluice/runs2"] }));
});

Deno.test("refuseGrantedRuns() refuses steps of others to write a folder above Sluice or Deno", () => {
  const judged = (path: string) => {
    const run = permissions({ write: [path] });
    refuseGrantedRuns({ A: { code: "sha256:c", run, undo: none } }, `${runs}/r1`, places);
  };
  for (const path of ["/opt", "/opt/sluice", "/opt/deno"]) {
    assert.throws(
      () => judged(path),
      /holds \/opt\/.*, which decides how processes are started/,
      path,
    );
  }
  judged("/opt/data");
});
