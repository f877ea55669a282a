import * as fc from "fast-check";
import assert from "node:assert/strict";
import { anySet } from "../any_set_test.ts";
import { covers } from "../covers.ts";
import { grantsOf, setOfGrants } from "../grant.ts";
import { type Permissions, permissions } from "../permissions.ts";
import { compareLocks, comparePart, type LockDifference } from "./compare_locks.ts";
import type { WrittenGrant, WrittenLock } from "./written_lock.ts";

const part = (set: Partial<Permissions>, why: readonly string[] = []) => ({
  grants: grantsOf(permissions(set)).map((grant): WrittenGrant => ({ ...grant, why })),
  accepts: [],
});
const compare = (before: Partial<Permissions>, after: Partial<Permissions>) =>
  comparePart("it", part(before), part(after)).map(show);

function show({ reach, subject, before, after }: LockDifference): string {
  const what = subject.kind === "grant" ? subject.grant.kind : subject.kind;
  return `${reach} ${what} -${before.join()} +${after.join()}`;
}

Deno.test("comparePart() calls widened what the lock does not cover, with what it takes the place of", () => {
  assert.deepEqual(compare({ read: ["/srv/a"] }, { read: ["/srv", "/etc"] }), [
    'widened read -"/srv/a" +"/srv"',
    'widened read - +"/etc"',
  ]);
});

Deno.test("comparePart() calls narrowed what nothing needs any more, with what is left of it", () => {
  assert.deepEqual(compare({ write: ["/srv", "/etc"] }, { write: ["/srv/a"] }), [
    'narrowed write -"/srv" +"/srv/a"',
    'narrowed write -"/etc" +',
  ]);
});

Deno.test("comparePart() finds nothing widened where only words differ", () => {
  assert.deepEqual(compare({ connect: ["A.example:80"] }, { connect: ["a.example:80"] }), [
    'same connect -"A.example:80" +"a.example:80"',
  ]);
  assert.deepEqual(compare({ read: ["${tmp}", "${tmp}/a"] }, { read: ["${tmp}"] }), [
    'same read -"${tmp}/a" +',
  ]);
});

Deno.test("comparePart() compares programs by what they may be given", () => {
  const ln = (...args: string[]) => ({ run: [{ program: "ln", args, env: [] }] });
  const line = (args: string) => `{ "program": "ln", "args": [${args}], "env": [] }`;
  assert.deepEqual(compare(ln("a*"), ln("*")), [`widened run -${line('"a*"')} +${line('"*"')}`]);
  assert.deepEqual(compare(ln("*"), ln("a")), [`narrowed run -${line('"*"')} +${line('"a"')}`]);
});

Deno.test("comparePart() tells other causes, paths and classes as the same reach", () => {
  const [grant] = part({ run: [{ program: "ln", args: [], env: [] }] }, ["a b in c"]).grants;
  const before = { grants: [{ ...grant!, path: "/usr/bin/ln" }], accepts: [] };
  const after = { grants: [{ ...grant!, path: "/bin/busybox", why: ["d e in f"] }], accepts: [] };
  assert.deepEqual(comparePart("it", before, after).map(show), [
    'same run -"path": "/usr/bin/ln","a b in c" +"path": "/bin/busybox","d e in f"',
  ]);
});

Deno.test("compareLocks() tells surfaces, pipelines, exceptions and notes that come and go", () => {
  const open = (pipelines: readonly string[]) =>
    ({ name: "open", kind: "open", pipelines, ...part({ env: ["A"] }) }) as const;
  const fixed = { name: "fixed", kind: "fixed", pipeline: "p", ...part({ env: ["B"] }) } as const;
  const accepted = { finding: "unscoped", entry: "/", reason: "r" };
  const lock = (surfaces: WrittenLock["surfaces"]): WrittenLock => ({ ad_hoc: part({}), surfaces });
  const before = lock([open(["a", "b"])]);
  const after = lock([fixed, { ...open(["b", "c"]), note: "n", accepts: [accepted] }]);
  assert.deepEqual(
    compareLocks(before, after).map((one) => `${one.surface}: ${show(one)}`),
    [
      'fixed: widened env - +"B"',
      'fixed: widened pipeline - +"p"',
      'fixed: same detail - +"kind": "fixed"',
      'open: widened pipeline - +"c"',
      'open: narrowed pipeline -"a" +',
      'open: widened accepted - +{ "finding": "unscoped", "entry": "/", "reason": "r" }',
      'open: same detail - +"note": "n"',
    ],
  );
  const back = compareLocks(after, before).map(({ reach, subject }) => `${reach} ${subject.kind}`);
  assert.deepEqual(back.filter((one) => one === "narrowed accepted"), ["narrowed accepted"]);
  assert.deepEqual(compareLocks(after, after), []);
});

Deno.test("comparePart() tells code that is new, another or gone", () => {
  const code = (...files: readonly (readonly [string, string])[]) => ({
    ...part({}),
    code: files.map(([file, digest]) => ({ file, digest })),
  });
  const before = code(["a.ts", "sha256:1"], ["b.ts", "sha256:2"], ["c.ts", "sha256:3"]);
  const after = code(["a.ts", "sha256:1"], ["b.ts", "sha256:4"], ["d.ts", "sha256:5"]);
  assert.deepEqual(comparePart("it", before, after).map(show), [
    'widened code -"b.ts": "sha256:2" +"b.ts": "sha256:4"',
    'widened code - +"d.ts": "sha256:5"',
    'narrowed code -"c.ts": "sha256:3" +',
  ]);
});

Deno.test("comparePart() finds a widening exactly when covers() says no", () => {
  fc.assert(
    fc.property(anySet, anySet, (one, other) => {
      const found = comparePart("it", part(one), part(other));
      const has = (reach: string) => found.some((each) => each.reach === reach);
      assert.equal(has("widened"), !covers(one, other).covered);
      assert.equal(has("narrowed"), !covers(other, one).covered);
      for (const { reach, subject } of found) {
        if (reach !== "widened" || subject.kind !== "grant") continue;
        assert.ok(!covers(one, setOfGrants([subject.grant])).covered);
      }
    }),
  );
});
