import assert from "node:assert/strict";
import { type Grant, grantsOf } from "../permissions/grant.ts";
import { type Permissions, permissions } from "../permissions/permissions.ts";
import { judgeExcess } from "./judge_excess.ts";

const grants = (set: Partial<Permissions>) =>
  grantsOf(permissions(set)).map((grant: Grant) => ({ ...grant, why: [] }));
const span = { file: "f", line: 1, column: 1, endLine: 1, endColumn: 1 };

function codes(before: Partial<Permissions>, after: Partial<Permissions>): readonly string[] {
  return judgeExcess({
    name: "it",
    before: grants(before),
    after: grants(after),
    placeOf: () => span,
  }).map(({ code, message }) => `${code} ${message.replace(/^it, as it lies: (.*?): .*$/, "$1")}`);
}

Deno.test("judgeExcess() finds what is only in the set as it lies", () => {
  const meant = { write: ["/"], read: ["/srv"] };
  assert.deepEqual(codes(meant, meant), []);
  assert.deepEqual(codes({ ...meant, read: ["/srv", "/"] }, meant), ['unscoped read "/"']);
});

Deno.test("judgeExcess() finds what follows from an entry that is needed beside one that is not", () => {
  const run = [{ program: "/opt/a/tool", args: [], env: [] }];
  assert.deepEqual(codes({ run, write: ["/opt/a"] }, { run }), [
    'writable-program run "/opt/a/tool"',
  ]);
});
