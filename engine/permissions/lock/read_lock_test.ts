import * as fc from "fast-check";
import assert from "node:assert/strict";
import { InvalidInputError } from "../../errors.ts";
import { anySet } from "../any_set_test.ts";
import { grantsOf } from "../grant.ts";
import { printLock } from "./print_lock.ts";
import { readLock, readWrittenLock } from "./read_lock.ts";
import type { WrittenGrant, WrittenLock } from "./written_lock.ts";

const sound = {
  schemaVersion: 1,
  ad_hoc: { ceiling: { read: ["${project}"] } },
  surfaces: {
    links: {
      kind: "fixed",
      pipeline: "pipelines/links.yaml",
      set: {
        run: [{ program: "ln", args: ["-s"], env: [], path: "/usr/bin/ln", why: ["a b in c"] }],
        write: { "/srv": ["a b in c"] },
      },
    },
    open: { kind: "open", pipelines: ["pipelines/a.yaml"], ceiling: { read: ["/srv"] } },
  },
};

/** The message for a lock in which something is another value; `undefined` removes it. */
function fault(path: readonly string[], value: unknown): string {
  const lock = structuredClone(sound) as unknown as Record<string, unknown>;
  const [last, ...outer] = path.toReversed();
  const parent = outer.reverse().reduce(
    (object, key) => object[key] as Record<string, unknown>,
    lock,
  );
  if (value === undefined) delete parent[last!];
  else parent[last!] = value;
  try {
    readLock(JSON.stringify(lock, null, 2));
  } catch (error) {
    assert.ok(error instanceof InvalidInputError, `${error}`);
    return error.message;
  }
  return "";
}

Deno.test("readLock() reads ceilings and exact sets", () => {
  const { ad_hoc, surfaces } = readLock(JSON.stringify(sound));
  assert.deepEqual(ad_hoc.ceiling.read, ["${project}"]);
  const { links, open } = surfaces;
  assert.ok(links?.kind === "fixed" && open?.kind === "open");
  assert.deepEqual(links.set.run, [{ program: "ln", args: ["-s"], env: [] }]);
  assert.deepEqual(links.set.write, ["/srv"]);
  assert.deepEqual(open.ceiling.read, ["/srv"]);
});

Deno.test("readLock() names the place and the way to what is wrong", () => {
  const links = ["surfaces", "links"];
  const faults: readonly (readonly [readonly string[], unknown, RegExp])[] = [
    [["schemaVersion"], 2, /^permissions\.lock\.json:2:20: schemaVersion has to be 1$/],
    [["surfaces"], undefined, /:1:1: it lacks the key "surfaces"$/],
    [["more"], 1, /:\d+:3: it has no key "more": its keys are schemaVersion, ad_hoc, surfaces$/],
    [["ad_hoc", "ceiling"], undefined, /:3:13: ad_hoc lacks the key "ceiling"$/],
    [["ad_hoc", "ceiling"], { reed: [] }, /:5:7: ad_hoc\.ceiling has no key "reed": its keys are /],
    [[...links, "kind"], "fixd", /surfaces\.links\.kind has to be "open" or "fixed"$/],
    [[...links, "ceiling"], {}, /surfaces\.links has no key "ceiling": /],
    [[...links, "set"], undefined, /surfaces\.links lacks the key "set"$/],
    [[...links, "set"], { write: { "/srv": [1] } }, /write\["\/srv"\]\[0\] has to be a text$/],
    [[...links, "set"], { run: [{ program: 1 }] }, /surfaces\.links\.set\.run\[0\]\.program has/],
    [
      [...links, "set"],
      { run: [{ program: "ln", arg: [] }] },
      /run\[0\] has no key "arg": its keys are program,.* path, escape, reason, why$/,
    ],
    [[...links, "accepts"], [{ finding: "a", entry: "b" }], /accepts\[0\] lacks the key "reason"$/],
    [
      ["surfaces", "open", "code"],
      { "a.ts": "sha256:1" },
      /open\.code has to be digests by files$/,
    ],
    [["surfaces", "open", "code"], ["a.ts"], /surfaces\.open\.code has to be a mapping$/],
    [[...links, "code"], {}, /surfaces\.links has no key "code": /],
    [["surfaces", "open", "pipelines"], "a", /surfaces\.open\.pipelines has to be a list$/],
  ];
  for (const [path, value, message] of faults) assert.match(fault(path, value), message);
  assert.throws(() => readLock('{ "schemaVersion": 1,\n  "schemaVersion": 1 }'), /:2:3: .*twice/);
});

Deno.test("readWrittenLock() reads what printLock() wrote, whatever is in it", () => {
  const told = (why: readonly string[]): fc.Arbitrary<readonly WrittenGrant[]> =>
    anySet.map((set) => {
      const grants = grantsOf(set).map((grant): WrittenGrant => ({ ...grant, why }));
      // A set has each entry once.
      return [...new Map(grants.map((one) => [JSON.stringify(one), one])).values()];
    });
  const lock: fc.Arbitrary<WrittenLock> = fc.record({
    ad_hoc: fc.record({ grants: told([]), accepts: fc.constant([]) }),
    surfaces: fc.tuple(told(["a b in c"]), told([])).map(([exact, ceiling]) => [
      { name: "a", kind: "fixed", pipeline: "p", grants: exact, accepts: [] },
      {
        name: "b",
        kind: "open",
        note: "n",
        pipelines: ["p"],
        code: [{ file: "p.ts", digest: `sha256:${"0".repeat(64)}` }],
        grants: ceiling,
        accepts: [],
      },
    ]),
  });
  fc.assert(fc.property(lock, (value) => {
    assert.deepEqual(readWrittenLock(printLock(value)), structuredClone(value));
  }));
});
