// flags: --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { shedTimeline } from "./shed_timeline.ts";
import { resolveText } from "./test_registry.ts";

async function timeline(text: string) {
  const { plan, diagnostics } = await resolveText(`sluice: v1\nname: demo\n${text}`);
  assert.deepEqual(diagnostics, []);
  return shedTimeline(plan!);
}

const probe = (id: string, port: number, more = "") =>
  `- { id: ${id}, uses: demo.probe, with: { url: "http://127.0.0.1:${port}/" }${more} }\n`;
const stage = (id: string, root: string, more = "") =>
  `- { id: ${id}, uses: demo.stage, with: { root: ${root}, bundle: /b.tar }${more} }\n`;

Deno.test("shedTimeline() gives what goes after each step, then with their undos", async () => {
  const shown = await timeline(
    `steps:\n${stage("A", "/opt/a")}${probe("B", 8080)}${stage("C", "/opt/c")}` +
      `finally:\n${probe("Z", 8081)}`,
  );
  assert.deepEqual(shown, {
    grants: 9,
    moments: [
      { step: "A", grants: { read: ["/opt/a"] }, left: 8 },
      { step: "B", grants: { net: ["127.0.0.1:8080"] }, left: 7 },
      { step: "C", grants: { read: ["/b.tar", "/opt/c"] }, left: 5 },
      { grants: { write: ["/opt/a", "/opt/c"] }, left: 3 },
      { step: "Z", grants: { net: ["127.0.0.1:8081"] }, left: 2 },
    ],
  });
});

Deno.test("shedTimeline() lets the undos before a commit go with it", async () => {
  const { moments } = await timeline(
    `steps:\n${stage("A", "/opt/a")}${probe("B", 8080, ", commit: true")}`,
  );
  assert.deepEqual(moments.map(({ step, grants }) => [step, grants]), [
    ["A", { read: ["/b.tar", "/opt/a"] }],
    ["B", { write: ["/opt/a"], net: ["127.0.0.1:8080"] }],
  ]);
});

Deno.test("shedTimeline() commits a group with its last member", async () => {
  const items = ', for_each: "${{ [80, 81] }}", commit: true';
  const { moments } = await timeline(`steps:\n${stage("A", "/opt/a")}${probe("B", 8080, items)}`);
  assert.deepEqual(moments.map(({ step, grants }) => [step, grants.write]), [
    ["A", undefined],
    ["B.2", ["/opt/a"]],
  ]);
});

Deno.test("shedTimeline() keeps to the end what a step holds", async () => {
  const { grants, moments } = await timeline(
    `steps:\n- { id: A, uses: demo.lock, with: { root: /opt } }\n${probe("B", 8080)}`,
  );
  assert.equal(grants, 4);
  assert.deepEqual(moments, [{ step: "B", grants: { net: ["127.0.0.1:8080"] }, left: 3 }]);
});

Deno.test("shedTimeline() gives nothing up in what repeats", async () => {
  const { moments } = await timeline(`every: 1m\nsteps:\n${probe("A", 8080)}`);
  assert.deepEqual(moments, []);
});
