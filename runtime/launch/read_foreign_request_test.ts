// flags: none but those of the group
import assert from "node:assert/strict";
import { codeDigest } from "../../engine/foreign/foreign_code.ts";
import { none, permissions } from "../../engine/permissions/permissions.ts";
import { readForeignRequest } from "./read_foreign_request.ts";

const source = "export default {};";
const digest = codeDigest(source);
const sound = {
  code: { [digest]: { name: "./step.ts", source } },
  steps: { "P1.2": { code: digest, run: permissions({ read: ["/srv"] }), undo: none } },
};

Deno.test("readForeignRequest() gives back what is as it has to be", () => {
  assert.deepEqual(readForeignRequest(sound), sound);
});

Deno.test("readForeignRequest() believes no digest, no name and no grant", () => {
  const box = { read: [], write: [], network: false };
  const step = (change: object) => ({
    ...sound,
    steps: { P1: { ...sound.steps["P1.2"], ...change } },
  });
  const run = (grant: object) => step({ run: permissions({ run: [grant as never] }) });
  const bad: Readonly<Record<string, unknown>> = {
    "other code under that name": {
      ...sound,
      code: { [digest]: { name: "./step.ts", source: `${source} ` } },
    },
    "code that is no text": { ...sound, code: { [digest]: { name: "./step.ts", source: 1 } } },
    "more code than anybody reads": (() => {
      const long = "x".repeat(3 * 2 ** 20);
      return { code: { [codeDigest(long)]: { name: "x", source: long } }, steps: {} };
    })(),
    "code that is not there": step({ code: codeDigest("other") }),
    "a name that leads out of the run": { ...sound, steps: { "../x": sound.steps["P1.2"] } },
    "a name with a step of its own kind": { ...sound, steps: { "a..b": sound.steps["P1.2"] } },
    "a program that it starts itself": run({ program: "ls", args: [], env: [] }),
    "a program in no box": run({ program: "ls", args: [], env: [], brokered: true }),
    "a set of another form": step({ run: { reed: [] } }),
    "no set for undo": step({ undo: undefined }),
    "no steps": { code: {} },
    "nothing": null,
  };
  for (const [what, request] of Object.entries(bad)) {
    assert.throws(() => readForeignRequest(request), { name: "BugError" }, what);
  }
  const boxed = run({ program: "ls", args: [], env: [], brokered: true, box });
  assert.ok(readForeignRequest(boxed));
});
