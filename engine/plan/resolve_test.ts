// flags: --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { BugError } from "../errors.ts";
import { faults, needsOf, pipeline, planned } from "./test_pipeline.ts";
import { resolveText, type TestFiles } from "./test_registry.ts";

const lock = (id: string, rest = "") =>
  `  - { id: ${id}, uses: demo.lock, with: { root: /a }${rest} }`;

Deno.test("resolve() puts steps in a row unless they say what they need", async () => {
  const steps = await planned(pipeline(
    [
      lock("d", ", needs: [c, b]"),
      lock("a", ", needs: []"),
      lock("b"),
      lock("c", ", needs: [a]"),
      lock("e", ", needs: [d]"),
    ].join("\n"),
  ));
  assert.deepEqual(Object.entries(needsOf(steps)), [
    ["a", []],
    ["c", ["a"]],
    ["b", ["a"]],
    ["d", ["c", "b"]],
    ["e", ["d"]],
  ]);
});

Deno.test("resolve() names cycles and needs that cannot be", async () => {
  assert.deepEqual(
    await faults(pipeline(
      [
        lock("a", ", needs: [b]"),
        lock("b", ", needs: [c]"),
        lock("c", ", needs: [a]"),
        lock("d", ", needs: [d, e.x, lst, last]"),
        lock("e"),
      ].join("\n"),
      "{}",
      `finally:\n${lock("last", ", needs: [a]")}`,
    )),
    [
      "main.yaml:5:58 cycle: these steps need each other in a circle: a → b → c → a",
      'main.yaml:8:58 cycle: "d" needs itself',
      'main.yaml:8:62 unknown-need: there is no step "e.x" to need',
      'main.yaml:8:67 unknown-need: there is no step "lst" to need',
      'main.yaml:8:72 bad-need: "d" cannot need "last": one of them stands under finally',
      'main.yaml:11:62 bad-need: "last" cannot need "a": one of them stands under finally',
    ],
  );
});

Deno.test("resolve() warns of modifiers that hardly mean what they say", async () => {
  const { diagnostics, plan } = await resolveText(pipeline(
    `  - { id: a, uses: demo.announce, with: { text: x }, retry: { attempts: 3 } }
  - { id: b, uses: demo.lock, with: { root: /a }, commit: true, retry: { attempts: 1, delay: 5s, max_delay: 1s } }
  - { id: c, uses: demo.stage, needs: [], with: { root: /a, bundle: /b } }`,
  ));
  assert.deepEqual(diagnostics.map(({ severity, code }) => `${severity} ${code}`), [
    "warning retry-irreversible",
    "warning idle-commit",
    "warning racing-commit",
    "warning retry-once",
    "warning retry-delays",
  ]);
  assert.notEqual(plan, undefined);
});

Deno.test("resolve() leaves out a condition that is known to hold and keeps one that does not", async () => {
  const steps = await planned(pipeline(
    [
      lock("a", ", when: params.yes"),
      lock("b", ', when: "!params.yes"'),
    ].join("\n"),
    "{ yes: { type: boolean, default: true } }",
  ));
  assert.deepEqual(steps.map(({ when }) => when), [
    [],
    [{ scope: "", condition: { kind: "cel", source: "!params.yes" } }],
  ]);
});

Deno.test("resolve() stars out secrets that stand in the text", async () => {
  const { texts, diagnostics } = await resolveText(pipeline(
    `  - { id: a, uses: demo.stage, with: { root: /a, bundle: /b, key: hunter2 } }`,
    "{ k: { type: secret, default: hunter3 } }",
  ));
  const shown = texts.get("/srv/demo/main.yaml")! + JSON.stringify(diagnostics);
  assert.ok(shown.includes("key: *******") && shown.includes("default: *******"));
  assert.ok(!shown.includes("hunter"));
});

Deno.test("resolve() gives equal plans equal digests, and others others", async () => {
  const digest = async (text: string, options: TestFiles = {}) =>
    (await resolveText(text, options)).plan!.digest;
  const text = pipeline(
    '  - { id: a, uses: demo.lock, with: { root: "${{ params.root }}" } }',
    "{ root: { type: path, default: /a } }",
  );
  assert.equal(await digest(text), await digest(text, { given: [["root", "/x/../a"]] }));
  assert.notEqual(await digest(text), await digest(text, { given: [["root", "/b"]] }));
});

Deno.test("resolve() calls it a bug when a step cannot compute its permissions", async () => {
  await assert.rejects(
    resolveText(pipeline("  - { id: a, uses: demo.broken, with: { root: /a } }")),
    BugError,
  );
});
