// flags: --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { faults, needsOf, pipeline } from "./test_pipeline.ts";
import { resolveText } from "./test_registry.ts";

const inner = pipeline(
  `  - { id: one, uses: demo.stage, with: { root: "\${{ params.root }}", bundle: "\${{ params.bundle }}" } }
  - { id: two, uses: demo.announce, needs: [], with: { text: "\${{ params.note }}" } }
  - { id: three, uses: demo.switch, with: { root: "\${{ params.root }}", release: "\${{ params.note }}" } }`,
  "{ root: { type: path }, bundle: { type: path, default: b.tar }, note: { type: string } }",
  `finally:
  - { id: last, uses: demo.lock, with: { root: "\${{ params.root }}" } }`,
);

Deno.test("resolve() flattens what is included: ids, needs, conditions, parameters, finally", async () => {
  const { plan, diagnostics } = await resolveText(
    pipeline(
      `  - { id: s, uses: demo.stage, with: { root: /a, bundle: /b } }
  - id: in
    uses: pipeline
    file: sub/inner.yaml
    when: run.id != "x"
    params: { root: ./r, note: "\${{ steps.s.release }}" }
  - id: after
    uses: demo.announce
    with: { text: "\${{ has(steps['in.one'].release) ? steps['in.one'].release : '' }}" }`,
      "{}",
      `finally: [{ id: end, uses: demo.lock, with: { root: /a } }]`,
    ),
    { files: { "/srv/demo/sub/inner.yaml": inner } },
  );
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(needsOf(plan!.steps), {
    s: [],
    "in.one": ["s"],
    "in.two": ["s"],
    "in.three": ["in.two"],
    after: ["in.one", "in.three"],
  });
  const [, one, two] = plan!.steps;
  assert.deepEqual(one!.params, { root: "/srv/demo/r", bundle: "/srv/demo/sub/b.tar" });
  assert.deepEqual(two!.scope, "in.");
  const condition = { kind: "cel", source: 'run.id != "x"' };
  assert.deepEqual(two!.when, [{ scope: "", condition }]);
  assert.deepEqual(plan!.finally.map(({ id }) => id), ["in.last", "end"]);
  assert.deepEqual(plan!.scopes, [
    { prefix: "", params: {} },
    {
      prefix: "in.",
      parent: "",
      params: {
        root: { kind: "value", value: "/srv/demo/r" },
        bundle: { kind: "value", value: "/srv/demo/sub/b.tar" },
        note: { kind: "path", path: ["steps", "s", "release"], source: "steps.s.release" },
      },
    },
  ]);
});

Deno.test("resolve() tells what is wrong with an include: parameters, cycle, depth, missing file", async () => {
  const include = (file: string, params = "{}") =>
    `  - { id: in, uses: pipeline, file: ${file}, params: ${params} }`;
  assert.deepEqual(
    await faults(
      pipeline(include("inner.yaml", '{ rot: 1, note: 5, root: "${{ 1 + 1 }}" }')),
      { files: { "/srv/demo/inner.yaml": inner } },
    ),
    [
      'main.yaml:5:59 unknown-parameter: /srv/demo/inner.yaml has no parameter "rot"',
      'main.yaml:5:73 bad-parameter: parameter "note" must be a text, not the number 5',
      'main.yaml:5:87 ill-typed: "root" must be a path, but the expression is int',
    ],
  );
  assert.deepEqual(
    await faults(pipeline(include("inner.yaml")), { files: { "/srv/demo/inner.yaml": inner } }),
    [
      'main.yaml:5:21 missing-parameter: /srv/demo/inner.yaml lacks a value for its parameter "root"',
      'main.yaml:5:21 missing-parameter: /srv/demo/inner.yaml lacks a value for its parameter "note"',
    ],
  );
  assert.deepEqual(
    await faults(pipeline(include("a.yaml")), {
      files: {
        "/srv/demo/a.yaml": pipeline(include("b.yaml")),
        "/srv/demo/b.yaml": pipeline(include("../demo/a.yaml")),
      },
    }),
    [
      "b.yaml:5:37 include-cycle: /srv/demo/a.yaml includes itself: /srv/demo/a.yaml → /srv/demo/b.yaml → /srv/demo/a.yaml",
    ],
  );
  const chain = Object.fromEntries(
    Array.from(
      { length: 20 },
      (_, n) => [`/srv/demo/${n}.yaml`, pipeline(include(`${n + 1}.yaml`))],
    ),
  );
  assert.deepEqual(await faults(pipeline(include("0.yaml")), { files: chain }), [
    "9.yaml:5:37 include-too-deep: pipelines are included more than 10 levels deep here",
  ]);
  assert.deepEqual(await faults(pipeline(include("gone.yaml"))), [
    "main.yaml:5:37 missing-file: /srv/demo/gone.yaml cannot be read: there is no such file",
  ]);
});

Deno.test("resolve() sees only its own names within an include, and faults of the included text", async () => {
  const text = pipeline(
    `  - { id: i, uses: demo.announce, with: { text: "\${{ params.outer }} \${{ steps.s.release }}" } }
  - { id: j, uses: demo.nothing }`,
  );
  const outer = pipeline(
    `  - { id: s, uses: demo.stage, with: { root: "\${{ params.outer }}", bundle: /b } }
  - { id: in, uses: pipeline, file: inner.yaml }
  - { id: t, uses: demo.announce, with: { text: "\${{ steps.i.id }}\${{ steps['in.j'].x }}" } }`,
    "{ outer: { type: path, default: /a } }",
  );
  assert.deepEqual(await faults(outer, { files: { "/srv/demo/inner.yaml": text } }), [
    'inner.yaml:5:61 unknown-name: there is no parameter "outer"',
    'inner.yaml:5:80 unknown-name: there is no step "s"',
    'inner.yaml:6:20 unknown-step: there is no step "demo.nothing"',
    'main.yaml:7:60 unknown-name: there is no step "i"',
  ]);
});

Deno.test("resolve() wants what an include's finally uses to stand a failed run", async () => {
  const text = (when: string) =>
    pipeline(
      `  - { id: s, uses: demo.stage, with: { root: /a, bundle: /b } }
  - { id: in, uses: pipeline, file: inner.yaml, when: "${when}", params: { x: "\${{ steps.s.release }}" } }`,
    );
  const files = {
    "/srv/demo/inner.yaml": pipeline(
      "  - { id: a, uses: demo.lock, with: { root: /a } }",
      "{ x: { type: string } }",
      `finally:\n  - { id: b, uses: demo.announce, with: { text: "\${{ params.x }}" } }`,
    ),
  };
  const found = await faults(text("steps.s.hook"), { files });
  assert.equal(found.length, 2);
  assert.match(found[0]!, /inner.yaml has steps under finally, for which this counts too/);
  assert.deepEqual(await faults(text("has(steps.s.hook) && steps.s.hook"), { files }), []);
});
