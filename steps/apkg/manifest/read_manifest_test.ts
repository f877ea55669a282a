import assert from "node:assert/strict";
import * as v from "valibot";
import { manifestSchema } from "./manifest.ts";
import { readManifest } from "./read_manifest.ts";

const packer = `version: "1.0"
name: greeter
display_name: Greeter
description: Says hello
author: Somebody
license: MIT
entrypoint: src.main:handler
runtime: python3.9
rest: { entry: "src.rest:mount" }
a2a: { service: "src.a2a:create_grpc_server" }
ui: { path: ui, basePath: /app/ }
capabilities: [text]
environment:
  LEVEL: \${LEVEL:-info}
  PORT: 8080
  DEBUG: true
  EMPTY:
dependencies: ["httpx>=0.27", "pydantic[email]==2.*"]
mcp: { enabled: false }
metadata:
  version: 0.3.0
  homepage: https://example.com
  sub_agents:
    - { name: clerk, description: Files things, public: true }
    - name: guard
`;

const runtime = `name: greeter
version: 1.2
description: Says hello
entrypoint: main:handler
rest: { entry: main:mount }
metadata: { sub_agents: [] }
`;

const exported = `name: greeter
version: 1.2.0
runtime: { python: ">=3.8" }
exports:
  - { name: hello, type: function, handler: "agent.hello" }
  - { name: bye, handler: "pkg.agent:bye" }
`;

Deno.test("readManifest() reads the packer's dialect", () => {
  const { manifest, notes } = readManifest(packer, "agent.yaml");
  assert.deepEqual(manifest, {
    dialect: "packer",
    name: "greeter",
    version: "0.3.0",
    description: "Says hello",
    runtime: "python",
    requires_python: ">=3.9",
    entrypoint: "src.main:handler",
    rest: { entry: "src.rest:mount" },
    a2a: { service: "src.a2a:create_grpc_server" },
    ui: { path: "ui", base_path: "/app" },
    exports: [],
    dependencies: ["httpx>=0.27", "pydantic[email]==2.*"],
    environment: { LEVEL: "${LEVEL:-info}", PORT: "8080", DEBUG: "true", EMPTY: "" },
    sub_agents: [
      { name: "clerk", description: "Files things", public: true },
      { name: "guard", description: "", public: false },
    ],
  });
  assert.deepEqual(notes, []);
  v.parse(manifestSchema, manifest);
});

Deno.test("readManifest() reads the runtime's dialect, and a version as it is written", () => {
  const { manifest } = readManifest(runtime, "agent.yaml");
  assert.deepEqual(manifest, {
    dialect: "runtime",
    name: "greeter",
    version: "1.2",
    description: "Says hello",
    runtime: "python",
    entrypoint: "main:handler",
    rest: { entry: "main:mount" },
    exports: [],
    dependencies: [],
    environment: {},
    sub_agents: [],
  });
  const ten = readManifest(runtime.replace("1.2", "1.10"), "agent.yaml");
  assert.equal(ten.manifest.version, "1.10");
});

Deno.test("readManifest() reads the dialect with exports, a dot as the colon that it stands for", () => {
  const { manifest } = readManifest(exported, "agent.yaml");
  assert.equal(manifest.dialect, "exports");
  assert.equal(manifest.requires_python, ">=3.8");
  assert.deepEqual(manifest.exports, [
    { name: "hello", handler: "agent:hello" },
    { name: "bye", handler: "pkg.agent:bye" },
  ]);
});

Deno.test("readManifest() reads what an agent in TypeScript asks for", () => {
  const text = `name: a
version: 1
runtime: deno
rest: { entry: "src/main.ts:handle" }
permissions:
  read: [., data, /srv/models]
  connect: ["api.example.com:443"]
  env: [API_KEY]
environment: { API_KEY: "\${API_KEY}" }
`;
  assert.deepEqual(readManifest(text, "agent.yaml").manifest.permissions, {
    read: [".", "data", "/srv/models"],
    connect: ["api.example.com:443"],
    env: ["API_KEY"],
  });
});

Deno.test("readManifest() tells the dialects apart", () => {
  const rest = "rest: { entry: a:b }";
  const cases: readonly (readonly [text: string, dialect: string, version: string])[] = [
    [`name: a\nversion: "1.0"\n${rest}`, "runtime", "1.0"],
    [`name: a\nversion: 2.1.0\nauthor: me\nruntime: python3.11\n${rest}`, "runtime", "2.1.0"],
    [`name: a\nversion: "1.0"\nmetadata: { version: 4 }\n${rest}`, "packer", "4"],
    [`name: a\nmetadata: { version: 1.0.0-rc.1 }\n${rest}`, "packer", "1.0.0-rc.1"],
    [`name: a\nversion: 1\nruntime: { python: ">=3" }\n${rest}`, "exports", "1"],
    [`name: a\nversion: 1\nruntime: deno\nrest: { entry: a.ts:b }`, "runtime", "1"],
    [`name: a\nversion: 1\nmetadata:\na2a: ~\n${rest}`, "runtime", "1"],
    [`{"name": "a", "version": "1.5", "rest": {"entry": "a:b"}}`, "runtime", "1.5"],
    [`\uFEFFname: a\r\nversion: 1\r\nentrypoint: a:b\r\n`, "runtime", "1"],
  ];
  for (const [text, dialect, version] of cases) {
    const { manifest } = readManifest(text, "agent.yaml");
    assert.deepEqual([manifest.dialect, manifest.version], [dialect, version], text);
  }
});

Deno.test("readManifest() notes keys that it does not know, and lets them be", () => {
  const text = `name: greeter
version: 1.2.0
exportz: []
rest: { entry: main:mount, prefix: /x }
metadata: { anything: [goes, 1, { a: b }] }
x-team: core
`;
  assert.deepEqual(readManifest(text, "agent.yaml").notes, [
    'agent.yaml:3: the key "exportz" is not known; did you mean "exports"?',
    'agent.yaml:6: the key "x-team" is not known',
    'agent.yaml:4: the key "prefix" in rest is not known',
  ]);
  const many = Array.from({ length: 30 }, (_, n) => `x${n}: 1\n`).join("");
  const { notes } = readManifest(`name: a\nversion: 1\nentrypoint: a:b\n${many}`, "agent.yaml");
  assert.equal(notes.length, 11);
  assert.equal(notes.at(-1), "and 20 more such keys");
});
