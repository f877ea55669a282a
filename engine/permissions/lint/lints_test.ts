import assert from "node:assert/strict";
import { escapeOf } from "../escape.ts";
import { type Grant, grantsOf, setOfGrants } from "../grant.ts";
import { type Permissions, permissions, type ProgramGrant } from "../permissions.ts";
import { entryOf } from "./finding.ts";
import { lints, lintSet } from "./lints.ts";

const program = (name: string, args: string[], more: Partial<ProgramGrant> = {}): ProgramGrant => ({
  program: name,
  args,
  env: [],
  ...more,
});
const ln = program("ln", ["-s", "--", "releases/*", "*"]);
const hook = program("/opt/*/hook", [], { brokered: true });
const box = { read: [], write: [], network: false };

/** For each kind of finding, sets that trip it, and sets that come near and do not. */
const cases: Readonly<
  Record<
    string,
    { trips: readonly Partial<Permissions>[]; passes: readonly Partial<Permissions>[] }
  >
> = {
  "writable-program": {
    trips: [
      { run: [ln], write: ["/usr"] },
      { run: [ln], write: ["/usr/bin/ln"] },
      { run: [ln], write: ["/bin"] },
      { run: [program("${project}/tools/x", [])], write: ["${project}/tools"] },
      { run: [ln], write: ["/real"] },
    ],
    passes: [
      { run: [ln], write: ["/usr/share", "/opt"] },
      { run: [program("/opt/a/x", [])], write: ["/opt/a/xy", "/opt/b"] },
      { run: [hook], write: ["/opt"] },
      { write: ["/usr"] },
    ],
  },
  "writable-trust": {
    trips: [
      { write: ["${project}"] },
      { write: ["${project}/deno.json"] },
      { write: ["${project}/permissions.lock.json"] },
      { write: ["${project}/engine/permissions/covers.ts"] },
      { write: ["${project}/pipelines/upgrade"] },
    ],
    passes: [
      { write: ["${project}/artifacts", "${project}/engines", "${runs}", "${tmp}"] },
      { read: ["${project}"] },
    ],
  },
  "unscoped": {
    trips: [
      { read: ["/"] },
      { write: ["/"] },
      { connect: ["unix:/"] },
      { listen: ["unix:/"] },
      { connect: ["*.com"] },
      { run: [program("/*/*", [], { brokered: true })] },
    ],
    passes: [
      { read: ["/etc"], connect: ["*.example.com", "localhost", "unix:/run"] },
      { run: [hook] },
    ],
  },
  "wildcard-apex": {
    trips: [
      { connect: ["*.example.com"] },
      { connect: ["*.example.com:443", "example.com:80"] },
      { listen: ["*.example.com"], connect: ["example.com"] },
    ],
    passes: [
      { connect: ["*.example.com", "example.com"] },
      { connect: ["*.example.com:443", "example.com"] },
      { connect: ["a.example.com"] },
    ],
  },
  "socket-grants": {
    trips: [
      { connect: ["unix:/run/x"] },
      { connect: ["unix:/run/x"], read: ["/run"] },
      { listen: ["unix:${tmp}/x"], write: ["${tmp}"], read: ["${runs}"] },
    ],
    passes: [
      { connect: ["unix:/run/x"], read: ["/run"], write: ["/run/x"] },
      { connect: ["localhost"] },
    ],
  },
  "kernel-paths": {
    trips: [{ read: ["/proc"] }, { read: ["/proc/self/environ"] }, { write: ["/dev/null"] }, {
      read: ["/sys/class"],
    }, { connect: ["unix:/dev/log"] }],
    passes: [{ read: ["/process", "/srv/dev", "/system"], env: ["A"] }],
  },
  "unboxed-code": {
    trips: [{ run: [hook] }, { run: [program("git", ["status"])] }, {
      run: [program("tar", ["**"])],
    }],
    passes: [{ run: [ln] }, { run: [{ ...hook, box }] }],
  },
};

function codesOf(set: Partial<Permissions>): readonly string[] {
  const grants = grantsOf(permissions(set)).map((grant: Grant) => ({
    ...grant,
    why: [],
    ...(grant.kind === "run" ? { escape: escapeOf(grant.grant), path: "/real/path" } : {}),
  }));
  return lintSet(grants).map(({ code }) => code);
}

for (const [code, { trips, passes }] of Object.entries(cases)) {
  Deno.test(`lintSet() finds ${code} where it is, and not where it is near`, () => {
    for (const set of trips) assert.ok(codesOf(set).includes(code), JSON.stringify(set));
    for (const set of passes) assert.ok(!codesOf(set).includes(code), JSON.stringify(set));
  });
}

Deno.test("every lint has its cases", () => {
  assert.deepEqual(Object.keys(cases).sort(), Object.keys(lints).sort());
});

Deno.test("lintSet() names the entry as the surface spells it, and says what to do", () => {
  const grants = [{ kind: "write", entry: "${project}", why: [] }] as const;
  const [finding] = lintSet(grants);
  assert.equal(entryOf(finding!.grant), "${project}");
  assert.ok(finding!.hint.length > 0);
  assert.deepEqual(setOfGrants([finding!.grant]).write, ["${project}"]);
});
