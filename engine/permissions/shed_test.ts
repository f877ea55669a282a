import * as fc from "fast-check";
import assert from "node:assert/strict";
import { anySet } from "./any_set_test.ts";
import { denoGrants } from "./deno_grants.ts";
import { derive } from "./derive.ts";
import { none, type Permissions, permissions } from "./permissions.ts";
import { makeShedding, type Need } from "./shed.ts";
import { denoCovers, testSandbox } from "./test_sandbox.ts";

const places = { run: "/runs/1", programs: { ln: "/usr/bin/ln", systemctl: "/usr/bin/systemctl" } };
const gone: Need = { run: false, undo: false };
const grant = { program: "ln", args: ["*"], env: [] };

/** Steps by their ids, each with a set to run. */
function shed(sets: Readonly<Record<string, Partial<Permissions>>>) {
  const steps = Object.entries(sets).map(([id, run]) => ({
    id,
    permissions: { run: permissions(run), undo: none },
  }));
  const shedding = makeShedding({ steps, finally: [] }, places);
  return (...ids: string[]) => {
    const { grants, kinds, brokered } = shedding.update(ids.map((id) => [id, gone]));
    const names = grants.map(({ kind, entry }) => `${kind} ${entry}`);
    return [...names, ...brokered.map(({ program }) => `brokered ${program}`), ...kinds];
  };
}

Deno.test("makeShedding() gives up what the last step that needs it has ended with", () => {
  const end = shed({ a: { read: ["/x"] }, b: { read: ["/x", "/y"] } });
  assert.deepEqual(end("a"), []);
  assert.deepEqual(end("b"), ["read /x", "read /y"]);
  assert.deepEqual(end("b"), []);
});

Deno.test("makeShedding() leaves a path alone that a wider one reaches, until that goes too", () => {
  const end = shed({
    a: { write: ["/x/y"] },
    b: { write: ["/x"] },
    c: { write: ["/x/y/z", "/w"] },
  });
  assert.deepEqual(end("a"), []);
  assert.deepEqual(end("c"), ["write /w"]);
  assert.deepEqual(end("b"), ["write /x", "write /x/y", "write /x/y/z"]);
});

Deno.test("makeShedding() keeps what is listed below a path that goes", () => {
  const end = shed({ a: { read: ["/x"] }, b: { read: ["/x/y"] } });
  assert.deepEqual(end("a"), ["read /x"]);
  assert.deepEqual(end("b"), ["read /x/y"]);
});

Deno.test("makeShedding() takes connecting and listening for one right, and a socket for three", () => {
  const end = shed({
    a: { connect: ["localhost:80", "unix:/run/s"] },
    b: { listen: ["LOCALHOST:80"] },
  });
  assert.deepEqual(end("a"), ["read /run/s", "write /run/s", "net unix:/run/s"]);
  assert.deepEqual(end("b"), ["net localhost:80", "net"]);
});

Deno.test("makeShedding() takes a program for its path, whatever its arguments", () => {
  const end = shed({
    a: { run: [grant] },
    b: { run: [{ ...grant, args: ["-s", "*", "*"] }, { ...grant, program: "/usr/bin/ln" }] },
  });
  assert.deepEqual(end("a"), []);
  assert.deepEqual(end("b"), ["run /usr/bin/ln", "run"]);
});

Deno.test("makeShedding() gives up brokered programs, which are not Deno's", () => {
  const hook = { ...grant, program: "/srv/*/hook", brokered: true } as const;
  const end = shed({ a: { run: [hook] }, b: { run: [hook] } });
  assert.deepEqual(end("a"), []);
  assert.deepEqual(end("b"), ["brokered /srv/*/hook"]);
});

Deno.test("makeShedding() has nothing of a step of others, which has a process of its own", () => {
  const steps = [{
    id: "a",
    foreign: "sha256:0",
    permissions: { run: permissions({ read: ["/x"] }), undo: none },
  }];
  assert.deepEqual(makeShedding({ steps, finally: [] }, places).update([["a", gone]]).grants, []);
});

Deno.test("makeShedding() keeps the folder of the run for ever", () => {
  const end = shed({ a: { read: ["/runs/1", "/runs/1/x"], write: ["/runs"] } });
  assert.deepEqual(end("a"), ["write /runs"]);
});

Deno.test("makeShedding() keeps the undo of a step that has run", () => {
  const steps = [{
    id: "a",
    permissions: { run: permissions({ read: ["/r"] }), undo: permissions({ write: ["/u"] }) },
  }];
  const shedding = makeShedding({ steps, finally: [] }, places);
  const done = shedding.update([["a", { run: false, undo: true }]]);
  assert.deepEqual(done.grants, [{ kind: "read", entry: "/r" }]);
  const released = shedding.update([["a", { run: true, undo: false }]]);
  assert.deepEqual(released.grants, [{ kind: "write", entry: "/u" }]);
});

Deno.test("makeShedding() never takes what is needed, and leaves nothing that is not reached", () => {
  const order = fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 12 });
  fc.assert(
    fc.property(fc.array(fc.tuple(anySet, anySet), { maxLength: 5 }), order, (sets, changes) => {
      const steps = sets.map(([run, undo], index) => ({
        id: String(index),
        permissions: { run, undo },
      }));
      const plan = { steps, finally: [] };
      const sandbox = testSandbox(denoGrants(derive(plan, places), places));
      const shedding = makeShedding(plan, places);
      const needs = steps.map(() => ({ run: true, undo: true }));
      for (const [number, ofRun] of changes) {
        if (steps.length === 0) break;
        const index = number % steps.length;
        needs[index]![ofRun ? "run" : "undo"] = false;
        const { grants, kinds } = shedding.update([[String(index), needs[index]!]]);
        for (const each of grants) {
          if (kinds.includes(each.kind)) sandbox.revokeKind(each.kind);
          else sandbox.revoke(each);
        }
        const needed = [
          ...denoGrants(permissions({ read: [places.run], write: [places.run] }), places),
          ...steps.flatMap(({ permissions: { run, undo } }, at) => [
            ...(needs[at]!.run ? denoGrants(run, places) : []),
            ...(needs[at]!.undo ? denoGrants(undo, places) : []),
          ]),
        ];
        for (const each of needed) assert.ok(sandbox.allows(each), `lacks ${JSON.stringify(each)}`);
        for (const each of sandbox.listed) {
          const reached = needed.some((outer) => denoCovers(outer, each));
          assert.ok(reached, `still has ${JSON.stringify(each)}`);
        }
      }
    }),
    { numRuns: 500 },
  );
});
