import assert from "node:assert/strict";
import { parseDocument } from "../document/parse.ts";
import { resolve } from "./resolve.ts";
import { testRegistry } from "./test_registry.ts";

const files: Readonly<Record<string, string>> = {
  "/srv/main.yaml": `sluice: v1
name: main
params:
  root: { type: path }
  release: { type: string }
  wanted: { type: boolean, default: true }
  hosts: { type: list, default: [] }
  inner_root: { type: path }
  inner_text: { type: string }
  unused: { type: string, default: "" }
steps:
  - id: a
    uses: demo.switch
    when: params.wanted
    with: { root: "\${{ params.root + '/x' }}", release: "\${{ params.release }}" }
  - id: b
    uses: demo.announce
    for_each: \${{ params.hosts }}
    with: { text: "to \${{ item }}" }
  - { id: f, uses: demo.lock, with: { root: "\${{ params.root }}" } }
finally:
  - id: c
    uses: pipeline
    file: inner.yaml
    params: { where: "\${{ params.inner_root }}", text: "\${{ params.inner_text }}" }
`,
  "/srv/inner.yaml": `sluice: v1
name: inner
params: { where: { type: path }, text: { type: string } }
steps:
  - { id: d, uses: demo.lock, with: { root: "\${{ params.where }}" } }
  - { id: e, uses: demo.announce, with: { text: "\${{ params.text }}" } }
`,
};

Deno.test("decisiveParams() finds what reaches params or for_each, by way of includes too", async () => {
  const { document } = parseDocument(files["/srv/main.yaml"]!, "main.yaml");
  const { decisive, diagnostics } = await resolve(document!, testRegistry, {
    cwd: "/srv",
    load: (file) => Promise.resolve(files[file]!),
    sources: undefined,
  });
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(
    [...decisive].map(([name, { step, uses, key, span }]) =>
      `${name}: ${step} ${uses} ${key} ${span.file}:${span.line}`
    ),
    [
      "root: a demo.switch root main.yaml:15",
      "hosts: b demo.announce for_each main.yaml:18",
      "inner_root: c.d demo.lock root inner.yaml:5",
    ],
  );
  assert.deepEqual(decisive.get("root")?.steps, ["a", "f"]);
});

Deno.test("decisiveParams() takes everything of a step that nobody knows for decisive", async () => {
  const text = "sluice: v1\nname: a\nparams: { x: { type: string } }\nsteps:\n" +
    '  - { id: a, uses: demo.unknown, with: { y: "${{ params.x }}" } }\n';
  const { decisive } = await resolve(parseDocument(text, "a.yaml").document!, testRegistry, {
    cwd: "/srv",
    load: () => Promise.reject(new Error("there is nothing")),
    sources: undefined,
  });
  assert.deepEqual([...decisive.keys()], ["x"]);
});
