// flags: --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { BugError } from "../errors.ts";
import type { PlannedStep } from "./plan.ts";
import { resolveText, type TestFiles } from "./test_registry.ts";

function pipeline(steps: string, params = "{}", rest = ""): string {
  return `sluice: v1\nname: x\nparams: ${params}\nsteps:\n${steps}\n${rest}`;
}

async function faults(text: string, options: TestFiles = {}): Promise<readonly string[]> {
  const { diagnostics } = await resolveText(text, { plan: false, ...options });
  return diagnostics.map(({ span, code, message }) =>
    `${span.file.replace("/srv/demo/", "")}:${span.line}:${span.column} ${code}: ${message}`
  );
}

async function planned(text: string, options: TestFiles = {}): Promise<readonly PlannedStep[]> {
  const { plan, diagnostics } = await resolveText(text, options);
  assert.deepEqual(diagnostics.filter(({ severity }) => severity === "error"), []);
  return [...plan!.steps, ...plan!.finally];
}

function needs(steps: readonly PlannedStep[]): Record<string, readonly string[]> {
  return Object.fromEntries(steps.map((step) => [step.id, step.needs]));
}

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
  assert.deepEqual(Object.entries(needs(steps)), [
    ["a", []],
    ["c", ["a"]],
    ["b", ["a"]],
    ["d", ["c", "b"]],
    ["e", ["d"]],
  ]);
});

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

Deno.test("resolve() makes members of a known list and a group of them", async () => {
  const { plan } = await resolveText(pipeline(
    `  - { id: p, uses: demo.probe, for_each: ["http://a/", "http://b/"], max_parallel: 2, with: { url: "\${{ item }}" } }
  - { id: q, uses: demo.announce, with: { text: "\${{ string(steps.p[0].status) }}" } }
  - { id: none, uses: demo.lock, for_each: [], with: { root: /a } }
  - { id: r, uses: demo.lock, with: { root: /a } }`,
  ));
  assert.deepEqual(plan!.groups, [
    { id: "p", members: ["p.1", "p.2"], max_parallel: 2 },
    { id: "none", members: [], max_parallel: 1 },
  ]);
  assert.deepEqual(needs(plan!.steps), {
    "p.1": [],
    "p.2": [],
    q: ["p.1", "p.2"],
    r: ["q"],
  });
  assert.deepEqual(plan!.steps.map(({ item }) => item), [
    "http://a/",
    "http://b/",
    undefined,
    undefined,
  ]);
  assert.notEqual(plan!.steps[0]!.digest, plan!.steps[1]!.digest);
});

Deno.test("resolve() keeps a late list as a template on one step", async () => {
  const [, each] = await planned(pipeline(
    `  - { id: s, uses: demo.stage, with: { root: /a, bundle: /b } }
  - { id: e, uses: demo.announce, for_each: "\${{ steps.s.files }}", max_parallel: 3, with: { text: "\${{ item }}" } }`,
  ));
  assert.equal(each!.id, "e");
  assert.equal(each!.for_each?.kind, "path");
  assert.equal(each!.max_parallel, 3);
  assert.deepEqual(each!.late.text, { kind: "path", path: ["item"], source: "item" });
});

Deno.test("resolve() judges items of a literal list each by its type", async () => {
  const text = (list: string) =>
    pipeline(
      `  - { id: a, uses: demo.announce, for_each: ${list}, with: { text: "\${{ item }}" } }`,
    );
  assert.deepEqual(await faults(text("[a, b]")), []);
  assert.deepEqual(await faults(text("[a, 1]")), [
    'main.yaml:5:72 ill-typed: "text" must be a text, but the expression is int',
  ]);
});

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
  assert.deepEqual(needs(plan!.steps), {
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

Deno.test("resolve() wants facts that may be absent to be guarded, by has() there or in when", async () => {
  const text = (rest: string) =>
    pipeline(`  - { id: s, uses: demo.stage, on_failure: continue, with: { root: /a, bundle: /b } }
  - { id: t, uses: demo.announce, ${rest} }`);
  const unguarded = await faults(text('with: { text: "${{ steps.s.release }}" }'));
  assert.equal(unguarded.length, 1);
  assert.match(unguarded[0]!, /unguarded: step "s" may be skipped or fail/);
  for (
    const guarded of [
      `with: { text: "\${{ has(steps.s.release) ? steps.s.release : '' }}" }`,
      `when: has(steps.s.release), with: { text: "\${{ steps.s.release }}" }`,
      `when: has(steps.s.files) && steps.s.hook, for_each: "\${{ steps.s.files }}", with: { text: "\${{ item }}" }`,
    ]
  ) assert.deepEqual(await faults(text(guarded)), [], guarded);
});

Deno.test("resolve() counts every fact as uncertain under finally, and shows how the run ended", async () => {
  const text = (value: string) =>
    pipeline(
      `  - { id: s, uses: demo.stage, with: { root: /a, bundle: /b } }`,
      "{}",
      `finally:\n  - { id: t, uses: demo.announce, with: { text: "${value}" } }`,
    );
  assert.match((await faults(text("${{ steps.s.release }}")))[0]!, /unguarded/);
  assert.deepEqual(
    await faults(text("${{ run.outcome }} ${{ run.reason }} ${{ run.failed_step }}")),
    [],
  );
  const early = pipeline(
    `  - { id: t, uses: demo.announce, with: { text: "\${{ run.outcome }}" } }`,
  );
  assert.match((await faults(early))[0]!, /run has no member "outcome"/);
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
