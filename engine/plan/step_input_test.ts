// flags: --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { faults, pipeline, planned } from "./test_pipeline.ts";
import { resolveText } from "./test_registry.ts";

Deno.test("resolve() reads durations, sizes and relative paths of the text, and folds expressions", async () => {
  const [probe, stage] = await planned(
    pipeline(
      `  - id: a
    uses: demo.probe
    with: { url: "http://\${{ params.host }}:\${{ params.port + 1 }}/", settle: 2m, answers: "\${{ params.port / 4000 }}" }
  - id: b
    uses: demo.stage
    with: { root: "sub/../root", bundle: "\${{ params.root }}//b.tar", most: "\${{ params.most }}", key: file:k }`,
      "{ host: { type: string, default: h }, port: { type: integer, default: 8000 }, root: { type: path, default: . }, most: { type: size, default: 1KiB } }",
    ),
  );
  assert.deepEqual(probe!.params, {
    url: "http://h:8001/",
    settle: 120_000,
    answers: 2,
    mode: "safe",
  });
  assert.deepEqual(probe!.permissions.run.connect, ["h:8001"]);
  assert.deepEqual(stage!.params, {
    root: "/srv/demo/root",
    bundle: "/srv/demo/b.tar",
    most: 1024,
    key: "file:/srv/demo/k",
  });
});

Deno.test("resolve() keeps late input as templates, with the known parts converted and put in", async () => {
  const [, go] = await planned(
    pipeline(
      `  - { id: s, uses: demo.stage, with: { root: /a, bundle: /b } }
  - id: go
    uses: demo.switch
    with: { root: /a, release: "v\${{ steps.s.release }}-\${{ params.n }}", notes: { wait: 5s, by: "\${{ steps.s.release }}" } }`,
      "{ n: { type: integer, default: 3 } }",
    ),
  );
  const release = { kind: "path", path: ["steps", "s", "release"], source: "steps.s.release" };
  assert.deepEqual(go!.late, {
    release: {
      kind: "text",
      parts: [
        { kind: "value", value: "v" },
        release,
        { kind: "value", value: "-" },
        { kind: "value", value: 3 },
      ],
    },
    notes: {
      kind: "map",
      entries: { wait: { kind: "value", value: 5000 }, by: release },
    },
  });
});

Deno.test("resolve() without values finds what is wrong with literals and types, and asks for no value", async () => {
  const params = "{ root: { type: path }, n: { type: integer }, list: { type: list, items: url } }";
  assert.deepEqual(
    await faults(pipeline(
      `  - { id: a, uses: demo.stage, with: { root: "\${{ params.root }}", bundle: /b } }
  - { id: b, uses: demo.probe, for_each: "\${{ params.list }}", with: { url: "\${{ item }}", answers: "\${{ params.n }}" } }`,
      params,
    )),
    [],
  );
  assert.deepEqual(
    await faults(pipeline(
      `  - { id: a, uses: demo.stage, with: { root: "\${{ params.n }}", bundle: "\${{ params.root }}", most: x } }
  - { id: b, uses: demo.probe, for_each: "\${{ params.list }}", with: { url: "http://a/", answers: "\${{ item }}" } }`,
      params,
    )),
    [
      'main.yaml:5:51 ill-typed: "root" must be a path, but the expression is int',
      'main.yaml:5:101 wrong-type: "most" must be a size, not the text "x"',
      'main.yaml:6:104 ill-typed: "answers" must be a whole number, but the expression is string',
    ],
  );
});

Deno.test("resolve() refuses what permissions depend on and only the run will know, and says who makes it", async () => {
  const { diagnostics } = await resolveText(
    pipeline(
      `  - { id: s, uses: demo.stage, with: { root: /a, bundle: /b } }
  - { id: t, uses: demo.switch, with: { root: "\${{ steps.s.release }}", release: a } }
  - { id: u, uses: demo.lock, with: { root: "/\${{ run.id }}" } }
  - { id: v, uses: demo.lock, for_each: "\${{ steps.s.files }}", with: { root: "/\${{ item }}" } }
  - { id: w, uses: pipeline, file: inner.yaml, params: { x: "\${{ steps.s.release }}" } }`,
    ),
    {
      files: {
        "/srv/demo/inner.yaml": pipeline(
          `  - { id: i, uses: demo.lock, with: { root: "/\${{ params.x }}" } }`,
          "{ x: { type: string } }",
        ),
      },
    },
  );
  assert.deepEqual(diagnostics.map(({ code, message, hint }) => [code, message, hint]), [
    [
      "late-value",
      '"root" of demo.switch must be known when planning, but steps.s.release comes from step "s" and is known only when the pipeline runs',
      'the permissions of demo.switch depend on it: give a plain value or a parameter; from earlier steps it takes "release", "notes"',
    ],
    [
      "late-value",
      '"root" of demo.lock must be known when planning, but run.id comes from the run itself and is known only when the pipeline runs',
      "the permissions of demo.lock depend on it: give a plain value or a parameter",
    ],
    [
      "late-value",
      '"root" of demo.lock must be known when planning, but item comes from step "s" and is known only when the pipeline runs',
      "the permissions of demo.lock depend on it: give a plain value or a parameter",
    ],
    [
      "late-value",
      '"root" of demo.lock must be known when planning, but params.x comes from step "s" and is known only when the pipeline runs',
      "the permissions of demo.lock depend on it: give a plain value or a parameter",
    ],
  ]);
});

Deno.test("resolve() tells a fault that only the values show at the expression", async () => {
  const text = pipeline(
    `  - { id: a, uses: demo.probe, with: { url: "http://\${{ params.list[3] }}/", answers: "\${{ params.n }}" } }`,
    "{ list: { type: list, default: [] }, n: { type: integer, default: 0 } }",
  );
  const { diagnostics } = await resolveText(text);
  assert.deepEqual(diagnostics.map(({ code, message }) => `${code}: ${message}`), [
    "expression-failed: ${{ params.list[3] }}: index 3 is outside the list of 0",
    'bad-value: "answers" must be at least 1, not 0',
  ]);
  assert.deepEqual(await faults(text), []);
});
