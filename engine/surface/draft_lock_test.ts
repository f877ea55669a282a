import assert from "node:assert/strict";
import { codeDigest } from "../foreign/foreign_code.ts";
import { escapeOf } from "../permissions/escape.ts";
import { lockOf } from "../permissions/lock/lock.ts";
import { printLock } from "../permissions/lock/print_lock.ts";
import { readLock, readWrittenLock } from "../permissions/lock/read_lock.ts";
import { draftTexts } from "./draft_surfaces.ts";

const install = `sluice: v1
name: install
steps:
  - { id: stage, uses: demo.stage, with: { root: /opt/x, bundle: /opt/x/in/a.tar } }
  - { id: switch, uses: demo.switch, with: { root: /opt/x, release: "1" } }
  - { id: tell, uses: demo.announce, for_each: [a, b], with: { text: "\${{ item }}" } }
finally:
  - { id: ask, uses: demo.probe, with: { url: "http://127.0.0.1:80/" } }
`;
const surfaces = `  later:
    kind: open
    note: Anything
    pipelines: [pipelines/install.yaml]
    ceiling:
      write: ["\${tmp}", /srv]
      run: [{ program: tar, args: ["**"] }]
    accepts: [{ finding: unboxed-code, entry: tar, reason: it is a test }]
  earlier:
    kind: fixed
    pipeline: pipelines/install.yaml
`;
const pipelines = { "pipelines/install.yaml": install };
/** What is said of tar is not this test's. */
const reasonOfTar = escapeOf({ program: "tar", args: ["**"], env: [] }).reason;
const paths = { ln: "/usr/bin/ln", tar: "/usr/bin/tar" };

Deno.test("draftLock() says what each surface may do, and who needs it", async () => {
  const { lock } = await draftTexts(surfaces, pipelines, paths);
  assert.equal(
    printLock(lock),
    `{
  "schemaVersion": 1,
  "ad_hoc": {
    "ceiling": {}
  },
  "surfaces": {
    "earlier": {
      "kind": "fixed",
      "pipeline": "pipelines/install.yaml",
      "set": {
        "run": [
          {
            "program": "ln",
            "args": ["-sfn", "--", "*", "/opt/x/current"],
            "env": [],
            "path": "/usr/bin/ln",
            "escape": "argument-limited",
            "reason": "ln makes links and nothing else; that nobody follows them is for a box to see to",
            "why": [
              "switch demo.switch in pipelines/install.yaml",
              "undo of switch demo.switch in pipelines/install.yaml"
            ]
          }
        ],
        "write": {
          "/opt/x": [
            "stage demo.stage in pipelines/install.yaml",
            "undo of stage demo.stage in pipelines/install.yaml",
            "switch demo.switch in pipelines/install.yaml",
            "undo of switch demo.switch in pipelines/install.yaml"
          ]
        },
        "read": {
          "/opt/x": ["stage demo.stage in pipelines/install.yaml"]
        },
        "connect": {
          "127.0.0.1": ["ask demo.probe in pipelines/install.yaml"]
        },
        "env": {
          "DEMO_TOKEN": ["tell demo.announce in pipelines/install.yaml"]
        }
      }
    },
    "later": {
      "kind": "open",
      "note": "Anything",
      "pipelines": ["pipelines/install.yaml"],
      "ceiling": {
        "run": [
          {
            "program": "tar",
            "args": ["**"],
            "env": [],
            "path": "/usr/bin/tar",
            "escape": "arbitrary-code",
            "reason": ${JSON.stringify(reasonOfTar)}
          }
        ],
        "write": ["\${tmp}", "/srv"]
      },
      "accepts": [
        {
          "finding": "unboxed-code",
          "entry": "tar",
          "reason": "it is a test"
        }
      ]
    }
  }
}
`,
  );
});

Deno.test("readWrittenLock() reads what printLock() wrote, and readLock() what a launch needs of it", async () => {
  const { lock } = await draftTexts(surfaces, pipelines, paths);
  const text = printLock(lock);
  assert.deepEqual(readWrittenLock(text), lock);
  const { surfaces: read } = readLock(text);
  assert.deepEqual(read, lockOf(lock).surfaces);
  const { earlier, later } = read;
  assert.ok(earlier?.kind === "fixed" && later?.kind === "open");
  assert.deepEqual(earlier.set.write, ["/opt/x"]);
  assert.deepEqual(earlier.set.run, [
    { program: "ln", args: ["-sfn", "--", "*", "/opt/x/current"], env: [] },
  ]);
  assert.deepEqual(later.ceiling.write, ["${tmp}", "/srv"]);
});

Deno.test("draftLock() does not depend on the order of surfaces, nor on lines that moved", async () => {
  const [first, second] = surfaces.split(/(?=^ {2}earlier)/m);
  const one = await draftTexts(surfaces, pipelines, paths);
  const other = await draftTexts(second! + first!, {
    "pipelines/install.yaml": `# A line more.\n${install}`,
  }, paths);
  assert.equal(printLock(one.lock), printLock(other.lock));
  const cause = "switch demo.switch in pipelines/install.yaml";
  assert.equal(one.places.get("earlier")?.causes.get(cause)?.line, 5);
  assert.equal(other.places.get("earlier")?.causes.get(cause)?.line, 6);
});

Deno.test("draftLock() lists the code of others that an open surface's pipelines use", async () => {
  const texts = {
    "pipelines/site/main.yaml": `sluice: v1
name: main
steps:
  - { id: a, uses: ./steps/a.ts }
  - { id: in, uses: pipeline, file: ../inner.yaml }
  - { id: gone, uses: ./gone.ts }
`,
    "pipelines/inner.yaml": `sluice: v1
name: inner
steps:
  - { id: b, uses: ./b.ts }
  - { id: main, uses: pipeline, file: site/main.yaml }
finally:
  - { id: a, uses: ./site/steps/a.ts }
`,
    "pipelines/site/steps/a.ts": "one",
    "pipelines/b.ts": "two",
  };
  const { lock } = await draftTexts(
    "  site: { kind: open, pipelines: [pipelines/site/main.yaml], ceiling: {} }\n",
    texts,
  );
  const [site] = lock.surfaces;
  assert.ok(site?.kind === "open");
  assert.deepEqual(site.code, [
    { file: "pipelines/b.ts", digest: codeDigest("two") },
    { file: "pipelines/site/steps/a.ts", digest: codeDigest("one") },
  ]);
  assert.match(printLock(lock), /"code": \{\n {8}"pipelines\/b\.ts": "sha256:[0-9a-f]{64}",\n/);
});
