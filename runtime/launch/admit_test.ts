// flags: --allow-read=<tmp> --allow-write=<tmp> --allow-run=/usr/bin/ln
import assert from "node:assert/strict";
import { RefusedError } from "../../engine/errors.ts";
import { digestOf } from "../../engine/permissions/digest.ts";
import type { Lock } from "../../engine/permissions/lock/lock.ts";
import { none, type Permissions, permissions } from "../../engine/permissions/permissions.ts";
import { withRunFolderWord } from "../../engine/permissions/run_folder.ts";
import { union } from "../../engine/permissions/union.ts";
import { admit } from "./admit.ts";
import type { LaunchRequest } from "./planner_protocol.ts";

const ln = { program: "ln", args: ["-s", "*", "*"], env: [] };
const lock: Lock = {
  schemaVersion: 1,
  ad_hoc: { ceiling: permissions({ read: ["${tmp}"], write: ["${tmp}/data"] }) },
  surfaces: {
    links: {
      kind: "open",
      pipelines: ["pipelines/links.yaml"],
      ceiling: permissions({ read: ["${tmp}"], write: ["${tmp}"], run: [ln] }),
      code: ["sha256:c"],
    },
    exact: {
      kind: "fixed",
      pipeline: "pipelines/exact.yaml",
      set: permissions({ read: ["${project}/a"], env: ["EXACT"] }),
    },
  },
};

async function world() {
  const base = await Deno.realPath(await Deno.makeTempDir());
  const places = {
    deno: "/deno",
    project: `${base}/project`,
    cwd: base,
    runs: `${base}/runs`,
    tmp: `${base}/tmp`,
  };
  await Deno.mkdir(`${places.project}/pipelines`, { recursive: true });
  await Deno.mkdir(`${places.tmp}/data`, { recursive: true });
  for (const name of ["links", "exact"]) {
    await Deno.writeTextFile(`${places.project}/pipelines/${name}.yaml`, "");
  }
  const run = { id: "r1", folder: `${places.runs}/r1` };
  const ask = (
    set: Permissions,
    more: Partial<LaunchRequest> = {},
    args: readonly string[] = ["run", "it's.yaml"],
  ) => {
    const permissions = union(set, { ...none, read: [run.folder], write: [run.folder] });
    const request: LaunchRequest = {
      mode: { kind: "run" },
      plan: {},
      permissions,
      set: digestOf(withRunFolderWord(permissions, run.folder)),
      run,
      tokens: "line",
      events: "text",
      ...more,
    };
    return { request, judge: () => admit(request, lock, places, args) };
  };
  return { places, ask };
}

Deno.test("admit() lets pass what the ceiling covers, and the run's own folder", async () => {
  const { places, ask } = await world();
  ask(permissions({ read: [places.tmp], write: [`${places.tmp}/data/x`] })).judge();
});

Deno.test("admit() says what is missing, programs first, and how to accept it", async () => {
  const { places, ask } = await world();
  const { request, judge } = ask(
    permissions({ write: [places.tmp], run: [ln], connect: ["example.com:443"] }),
  );
  assert.throws(judge, (error: unknown) => {
    assert.ok(error instanceof RefusedError);
    assert.equal(
      error.message,
      `the ceiling of pipelines of no surface (ad_hoc) does not allow:
    run      ln -s * *
    write    ${places.tmp}
    connect  example.com:443`,
    );
    assert.match(
      error.hint ?? "",
      new RegExp(`sluice run 'it'\\\\''s.yaml' --accept ${request.set}$`),
    );
    return true;
  });
});

Deno.test("admit() advises no acceptance where a signature is required, which allows none", async () => {
  const { ask } = await world();
  const args = ["run", "x.yaml", "--require-signature", "keys"];
  assert.throws(ask(permissions({ read: ["/etc"] }), {}, args).judge, (error: RefusedError) => {
    assert.doesNotMatch(error.hint!, /--accept/);
    return /sign again/.test(error.hint!);
  });
});

Deno.test("admit() says of an open surface how its ceiling is widened", async () => {
  const { ask } = await world();
  const args = ["run", "--surface", "links"];
  const set = permissions({ read: ["/etc"] });
  assert.throws(ask(set, { surface: "links" }, args).judge, (error: RefusedError) => {
    return /sluice permissions links .* ceiling in pipelines\/surfaces\.yaml/.test(error.hint!);
  });
});

Deno.test("admit() takes what was accepted for what it led to, and for nothing else", async () => {
  const { places, ask } = await world();
  const base = places.cwd;
  for (const name of ["one", "two"]) await Deno.mkdir(`${base}/${name}`);
  const lead = async (to: string) => {
    const { success } = await new Deno.Command("/usr/bin/ln", {
      args: ["-sfn", `${base}/${to}`, `${base}/link`],
    }).output();
    assert.ok(success);
  };
  const set = permissions({ write: [`${base}/link/app`] });
  const acceptance = () => {
    try {
      ask(set).judge();
    } catch (error) {
      return /--accept (\S+)$/.exec((error as RefusedError).hint ?? "")?.[1];
    }
  };
  await lead("one");
  const one = acceptance()!;
  assert.notEqual(one, ask(set).request.set);
  ask(set, { accept: one }).judge();
  assert.throws(ask(set, { accept: ask(set).request.set }).judge, RefusedError);
  await lead("two");
  assert.throws(ask(set, { accept: one }).judge, /was accepted, but this is/);
  assert.notEqual(acceptance(), one);
  // What is behind a link and in the set as well needs no word of its own.
  const both = permissions({ write: [`${base}/link/app`, `${base}/two`] });
  ask(both, { accept: ask(both).request.set }).judge();
});

Deno.test("admit() lets pass a set that was accepted by its digest, and no other", async () => {
  const { ask } = await world();
  const set = permissions({ read: ["/etc"] });
  const { request } = ask(set);
  ask(set, { accept: request.set }).judge();
  assert.throws(ask(permissions({ read: ["/"] }), { accept: request.set }).judge, RefusedError);
});

Deno.test("admit() holds whoever accepts a set to it, also where a ceiling covers another", async () => {
  const { places, ask } = await world();
  const set = permissions({ read: [places.tmp] });
  const { request } = ask(set);
  ask(set, { accept: request.set }).judge();
  const zeros = `sha256:${"0".repeat(64)}`;
  assert.throws(ask(set, { accept: zeros }).judge, (error: RefusedError) => {
    assert.ok(error instanceof RefusedError);
    assert.equal(error.message, `${zeros} was accepted, but this is ${request.set}`);
    assert.match(
      error.hint!,
      /^the ceiling of .* covers this one: leave --accept out; .* --accept sha256:[0-9a-f]{64}$/,
    );
    return true;
  });
  const plan = { digest: zeros };
  for (const wanted of [set, permissions({ read: ["/etc"] })]) {
    assert.throws(
      ask(wanted, { accept: zeros, plan }).judge,
      /sha256:0+, the name of the plan, was accepted, but this is sha256:/,
    );
  }
});

Deno.test("admit() refuses a set that is not the one the planner named", async () => {
  const { ask } = await world();
  const small = ask(none).request.set;
  assert.throws(
    ask(permissions({ read: ["/etc"] }), { set: small, accept: small }).judge,
    /the planner named the set/,
  );
});

Deno.test("admit() uses the ceiling of the surface that lists the pipeline's real file", async () => {
  const { places, ask } = await world();
  const set = permissions({ run: [ln] });
  const file = `${places.project}/pipelines/links.yaml`;
  ask(set, { file }).judge();
  const copy = `${places.tmp}/links.yaml`;
  await Deno.copyFile(file, copy);
  assert.throws(ask(set, { file: copy }).judge, RefusedError);
  assert.throws(ask(set).judge, RefusedError);
});

Deno.test("admit() looks behind links", async () => {
  const { places, ask } = await world();
  const { places: elsewhere } = await world();
  const { success } = await new Deno.Command("/usr/bin/ln", {
    args: ["-s", elsewhere.tmp, `${places.tmp}/data/link`],
    clearEnv: true,
  }).output();
  assert.ok(success);
  assert.throws(
    ask(permissions({ write: [`${places.tmp}/data/link/new/file`] })).judge,
    new RegExp(`write    ${elsewhere.tmp}/new/file`),
  );
});

Deno.test("admit() refuses a run that lies elsewhere than among the runs", async () => {
  const { places, ask } = await world();
  const run = { id: "r1", folder: `${places.tmp}/r1` };
  assert.throws(ask(none, { run }).judge, /is not in/);
});

Deno.test("admit() lets a surface that is named decide alone, by its own reading of the arguments", async () => {
  const { places, ask } = await world();
  const exact = permissions({ read: [`${places.project}/a/b`], env: ["EXACT"] });
  const file = `${places.project}/pipelines/exact.yaml`;
  const named = { file, surface: "exact" };
  const args = ["run", "--surface=exact"];
  ask(exact, named, args).judge();
  ask(none, named, ["run", "--surface", "exact"]).judge();

  const wider = ask(permissions({ env: ["OTHER"] }), named, args);
  const { set } = wider.request;
  for (const accept of [undefined, set]) {
    const { judge } = ask(permissions({ env: ["OTHER"] }), {
      ...named,
      ...(accept === undefined ? {} : { accept }),
    }, args);
    assert.throws(judge, (error: unknown) => {
      assert.ok(error instanceof RefusedError);
      assert.match(error.message, /^the locked set of the surface exact does not allow:\n.*OTHER$/);
      assert.match(error.hint ?? "", /sluice lock --check/);
      return true;
    });
  }
  // What the planner says is compared, not believed.
  assert.throws(ask(exact, { file }, args).judge, /the planner named the surface undefined/);
  assert.throws(ask(exact, named).judge, /but the command line undefined/);
  assert.throws(ask(none, { ...named, surface: "links" }, args).judge, /the planner named/);
  assert.throws(
    ask(none, { ...named, file: `${places.project}/pipelines/links.yaml` }, args).judge,
    /the surface exact in permissions\.lock\.json is for pipelines\/exact\.yaml alone/,
  );
  assert.throws(ask(none, { surface: "exact" }, args).judge, /for pipelines\/exact\.yaml alone/);
  const unknown = ["run", "--surface", "toString"];
  assert.throws(ask(none, { file, surface: "toString" }, unknown).judge, /has no surface toString/);
});

Deno.test("admit() lets a run of a fixed surface be gone on with, and nothing new be begun by its file", async () => {
  const { places, ask } = await world();
  const exact = permissions({ read: [`${places.project}/a`], env: ["EXACT"] });
  const file = `${places.project}/pipelines/exact.yaml`;
  ask(exact, { file, mode: { kind: "resume", again: false } }, ["resume", "r1"]).judge();
  ask(exact, { file, mode: { kind: "undo" } }, ["undo", "r1"]).judge();
  assert.throws(ask(exact, { file }).judge, /ad_hoc.* does not allow:\n[^]*EXACT/);
});

Deno.test("admit() lets code of others pass only when it was accepted, whatever a ceiling covers", async () => {
  const { places, ask } = await world();
  const own = { code: "sha256:c", run: permissions({ read: [places.tmp] }), undo: none };
  const foreign = {
    code: { "sha256:c": { name: "my_step.ts", source: "" } },
    steps: { A: own },
  };
  const folder = `${places.runs}/r1`;
  const set = digestOf(
    withRunFolderWord(union(none, { ...none, read: [folder], write: [folder] }), folder),
    foreign.steps,
  );
  const refused = ask(none, { foreign, set });
  assert.throws(refused.judge, /does not allow:\n {4}code {5}my_step\.ts sha256:c$/);
  ask(none, { foreign, set, accept: set }).judge();
  // The surface of this file lists it.
  const file = `${places.project}/pipelines/links.yaml`;
  ask(none, { foreign, set, file }).judge();
  const other = { ...foreign, code: { ...foreign.code, "sha256:d": foreign.code["sha256:c"] } };
  assert.throws(ask(none, { foreign: other, set, file }).judge, /code {5}my_step\.ts sha256:d$/);
});

Deno.test("admit() follows no link to the folder of the runs that nobody named", async () => {
  const { places, ask } = await world();
  const runs = `${places.cwd}/.sluice/runs`;
  await Deno.mkdir(`${places.cwd}/.sluice`);
  const { success } = await new Deno.Command("/usr/bin/ln", { args: ["-s", "../..", runs] })
    .output();
  assert.ok(success);
  const folder = `${runs}/r1`;
  const { request } = ask(none, { run: { id: "r1", folder } });
  const linked = { ...places, runs };
  assert.throws(() => admit(request, lock, linked, ["run", "x.yaml"]), (error: RefusedError) => {
    assert.match(error.message, /\.sluice\/runs leads to /);
    assert.match(error.hint!, /--runs \//);
    return true;
  });
});
