import assert from "node:assert/strict";
import { draftTexts } from "./draft_surfaces.ts";
import { judgeDraft } from "./judge_draft.ts";

const pipelines = {
  "pipelines/a.yaml": `sluice: v1
name: a
steps:
  - { id: lock, uses: demo.lock, with: { root: /srv } }
  - { id: write, uses: demo.stage, with: { root: /usr, bundle: /proc/x } }
  - { id: link, uses: demo.switch, with: { root: /usr, release: "1" } }
`,
};

async function judged(surfaces: string): Promise<readonly string[]> {
  return judgeDraft(await draftTexts(surfaces, pipelines)).map(
    ({ severity, code, message, span }) =>
      `${span.file}:${span.line} ${severity} ${code}: ${message}`,
  );
}

const open = (ceiling: string, accepts = "[]") =>
  `  it:\n    kind: open\n    pipelines: []\n    ceiling: ${ceiling}\n    accepts: ${accepts}\n`;

Deno.test("judgeDraft() places findings at the entry of a ceiling, or at the step that needs it", async () => {
  assert.deepEqual(
    await judged(open('{ read: [/], connect: ["*.example.com"] }')),
    [
      'pipelines/surfaces.yaml:7 error unscoped: it: read "/": this reaches every file of the machine',
      "pipelines/surfaces.yaml:7 warning wildcard-apex: it: connect " +
      '"*.example.com": this reaches example.com itself, too, and names at any depth below it',
    ],
  );
  const found = await judged("  it: { kind: fixed, pipeline: pipelines/a.yaml }\n");
  assert.deepEqual(found, [
    'pipelines/a.yaml:5 error kernel-paths: it: read "/proc/x": Deno keeps /proc shut, whatever is ' +
    "listed",
    'pipelines/a.yaml:6 error writable-program: it: run "ln": the same process may write /usr, in ' +
    "which this program lies",
  ]);
});

Deno.test("judgeDraft() lets stand what was accepted, for that entry and that finding alone", async () => {
  const accepts = (entry: string, finding = "unscoped") =>
    `[{ finding: ${finding}, entry: "${entry}", reason: r }]`;
  assert.deepEqual(await judged(open("{ read: [/] }", accepts("/"))), []);
  const stale = await judged(open("{ read: [/] }", accepts("/srv")));
  assert.deepEqual(stale.map((text) => text.split(":")[1]), [
    "7 error unscoped",
    "8 error nothing-to-accept",
  ]);
  const other = await judged(open("{ read: [/] }", accepts("/", "kernel-paths")));
  assert.match(other[0]!, /error unscoped/);
  assert.match(other[1]!, /error nothing-to-accept/);
  const unknown = await judged(open("{ read: [/srv] }", accepts("/", "unscopd")));
  assert.match(unknown[0]!, /:8 error unknown-finding: there is no finding "unscopd"/);
});
