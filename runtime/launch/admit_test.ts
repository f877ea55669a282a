// flags: --allow-read=<tmp> --allow-write=<tmp> --allow-run=/usr/bin/ln
import assert from "node:assert/strict";
import { RefusedError } from "../../engine/errors.ts";
import { digestOf } from "../../engine/permissions/digest.ts";
import { none, type Permissions, permissions } from "../../engine/permissions/permissions.ts";
import { withRunFolderWord } from "../../engine/permissions/run_folder.ts";
import { union } from "../../engine/permissions/union.ts";
import { admit } from "./admit.ts";
import type { LaunchRequest, Lock } from "./protocol.ts";

const ln = { program: "ln", args: ["-s", "*", "*"], env: [] };
const lock: Lock = {
  schemaVersion: 1,
  ad_hoc: { ceiling: permissions({ read: ["${tmp}"], write: ["${tmp}/data"] }) },
  surfaces: {
    links: {
      kind: "open",
      pipelines: ["pipelines/links.yaml"],
      ceiling: permissions({ write: ["${tmp}"], run: [ln] }),
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
  await Deno.writeTextFile(`${places.project}/pipelines/links.yaml`, "");
  const run = { id: "r1", folder: `${places.runs}/r1` };
  const ask = (set: Permissions, more: Partial<LaunchRequest> = {}) => {
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
    return { request, judge: () => admit(request, lock, places, ["run", "it's.yaml"]) };
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

Deno.test("admit() lets pass a set that was accepted by its digest, and no other", async () => {
  const { ask } = await world();
  const set = permissions({ read: ["/etc"] });
  const { request } = ask(set);
  ask(set, { accept: request.set }).judge();
  assert.throws(ask(permissions({ read: ["/"] }), { accept: request.set }).judge, RefusedError);
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
