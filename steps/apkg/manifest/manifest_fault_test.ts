import assert from "node:assert/strict";
import { InvalidInputError } from "../../../engine/errors.ts";
import { readManifest } from "./read_manifest.ts";

/** The error for a text. */
function faultOf(text: string): InvalidInputError {
  try {
    readManifest(text, "agent.yaml");
  } catch (error) {
    if (error instanceof InvalidInputError) return error;
    throw error;
  }
  throw new Error(`no fault in ${text}`);
}

Deno.test("readManifest() tells every fault at once, with field, line and column", () => {
  const text = `name: Greeter
description: [a]
runtime: node20
rest: { entry: main.mount }
ui: { path: ../ui }
environment:
  TOKEN: { secret: hunter2 }
dependencies: ["--index-url=http://evil"]
`;
  const { message, details, exit } = faultOf(text);
  assert.equal(exit, 2);
  assert.equal(
    message,
    `the manifest of the package has 8 faults
agent.yaml:1:1: error[missing-key]: version is missing: every package has one
  1 | name: Greeter
    | ^^^^

agent.yaml:1:7: error[bad-name]: name must be a name of a package, not "Greeter"
  1 | name: Greeter
    |       ^^^^^^^
    = help: use small letters, digits and -, and begin with a letter

agent.yaml:2:14: error[wrong-type]: description must be a text, not a list
  2 | description: [a]
    |              ^^^

agent.yaml:3:10: error[bad-runtime]: runtime must be python3 with a minor version, or deno, not "node20"
  3 | runtime: node20
    |          ^^^^^^
    = help: this runtime does not run packages of Node.js

agent.yaml:4:16: error[bad-handler]: rest.entry must be module:function, as in main:mount, not "main.mount"
  4 | rest: { entry: main.mount }
    |                ^^^^^^^^^^
    = help: did you mean "main:mount"?

agent.yaml:5:13: error[bad-path]: ui.path must be a folder in the package, not "../ui": it has a segment '..'
  5 | ui: { path: ../ui }
    |             ^^^^^
    = help: write for example path: ui

agent.yaml:7:3: error[wrong-type]: environment.TOKEN must be a text
  7 |   TOKEN: * ******* ******* *
    |   ^^^^^

agent.yaml:8:16: error[bad-requirement]: dependencies[0] must be a requirement, not "--index-url=http://evil"
  8 | dependencies: ["--index-url=http://evil"]
    |                ^^^^^^^^^^^^^^^^^^^^^^^^^
    = help: write for example "httpx>=0.27"; options of pip are not taken

8 errors`,
  );
  assert.equal((details.faults as unknown[]).length, 8);
  assert.deepEqual((details.faults as unknown[])[1], {
    line: 1,
    column: 7,
    code: "bad-name",
    message: 'name must be a name of a package, not "Greeter"',
  });
});

Deno.test("readManifest() names what is missing: the version, where this dialect has it, and handlers", () => {
  const cases: readonly (readonly [text: string, ...whats: readonly RegExp[]])[] = [
    ["name: a\nrest: { entry: a:b }", /agent\.yaml:1:1: .* version is missing/],
    ["name: a\nversion: 1\n", /agent\.yaml:1:1: .* a handler is missing: none of rest, a2a, ui/],
    ["name: a\nversion: 1\nexports: []\n", /a handler is missing/],
    ["name: a\nversion: 1\nrest:\na2a: ~\nui: null\n", /a handler is missing/],
    [
      'version: "1.0"\nname: a\nauthor: b\nentrypoint: a:b\n',
      /agent\.yaml:1:1: .* metadata\.version is missing/,
      /help: version alone is that of the manifest's format/,
    ],
    [
      'version: "1.0"\nname: a\nlicense: b\nmetadata:\n  tags: []\nentrypoint: a:b\n',
      /agent\.yaml:5:3: .* metadata\.version is missing/,
    ],
    ["version: 1\nrest: { entry: a:b }", /agent\.yaml:1:1: .* name is missing/],
    ["name: a\nversion: 1\nrest: { }", /agent\.yaml:3:7: .* rest\.entry is missing/],
    ["name: a\nversion: 1\na2a: { entry: a:b }", /3:8: .* a2a\.service is missing/],
    ["name: a\nversion: 1\nui: { basePath: / }", /3:7: .* ui\.path is missing/],
    ["name: a\nversion: 1\nexports: [{ name: x }]", /exports\[0\]\.handler is missing/],
    ["name: a\nversion: 1\nexports: [{ handler: x.y }]", /exports\[0\]\.name is missing/],
    ["", /1:1: .* the manifest must be a mapping/],
    ["- a\n", /the manifest must be a mapping/],
  ];
  for (const [text, ...whats] of cases) {
    const { message } = faultOf(text);
    for (const what of whats) assert.match(message, what, text);
  }
});

Deno.test("readManifest() refuses values that are none", () => {
  const base = "name: a\nversion: 1\n";
  const typed = `${base}runtime: deno\nentrypoint: "a.ts:b"\n`;
  const cases: readonly (readonly [text: string, what: RegExp])[] = [
    [`${base}rest: a:b`, /rest must be a mapping, not the text "a:b"/],
    [`${base}rest: { entry: [] }`, /rest\.entry must be a text, not an empty list/],
    [`${base}rest: { entry: "a:b:c" }`, /rest\.entry must be module:function/],
    [`${base}rest: { entry: "../a:b" }`, /rest\.entry must be module:function/],
    [`${base}rest: { entry: "a:b()" }`, /rest\.entry must be module:function/],
    [`${base}rest: { entry: "os;x:b" }`, /rest\.entry must be module:function/],
    [`${base}entrypoint: "a.:b"`, /entrypoint must be module:function/],
    [`${base}entrypoint: a`, /entrypoint must be module:function/],
    [`${base}runtime: deno\nrest: { entry: "main:mount" }`, /file:function, as in src\/main\.ts/],
    [`${base}runtime: deno\nrest: { entry: "../m.ts:f" }`, /file:function/],
    [`${base}runtime: deno\nrest: { entry: "a/../m.ts:f" }`, /file:function/],
    [`${base}runtime: deno\nrest: { entry: "/m.ts:f" }`, /file:function/],
    [`${base}entrypoint: a:b\npermissions: { env: [A] }`, /4:1: .* nothing holds Python to them/],
    [`${typed}permissions: [net]`, /permissions must be a mapping/],
    [
      `${typed}permissions: { net: [a.b] }`,
      /permissions\.net is no kind of permission[^]*connect or listen/,
    ],
    [`${typed}permissions: { run: [sh] }`, /an agent starts no programs/],
    [
      `${typed}permissions: { env: [] , evn: [A] }`,
      /permissions\.evn is no kind of permission/,
    ],
    [
      `${typed}permissions: { read: [../x] }`,
      /permissions\.read\[0\] cannot be granted: "\.\.\/x"/,
    ],
    [`${typed}permissions: { read: ["/a,/b"] }`, /permissions\.read\[0\] cannot be granted/],
    [`${typed}permissions: { write: [/a/../b] }`, /permissions\.write\[0\] cannot be granted/],
    [`${typed}permissions: { connect: ["https://a.b"] }`, /permissions\.connect\[0\] cannot be/],
    [`${typed}permissions: { env: ["A*"] }`, /permissions\.env\[0\] cannot be granted: "A\*"/],
    [
      `${typed}permissions: { env: [A] }\nenvironment: { A: x, B: y }`,
      /environment\.B is for a variable that the agent may not read/,
    ],
    [`${base}exports: x`, /exports must be a list/],
    [`${base}exports: [x]`, /exports\[0\] must be a mapping/],
    [`${base}exports: [{ name: x, handler: y }]`, /exports\[0\]\.handler must be module:function/],
    [`${base}exports: [{ name: x, type: class, handler: a.b }]`, /exports\[0\]\.type must be func/],
    [
      `${base}exports:\n  - { name: x, handler: a.b }\n  - { name: x, handler: a.c }`,
      /5:13: .* exports\[1\]\.name is taken by the export on line 4/,
    ],
    [`${base}entrypoint: a:b\nruntime: node18`, /this runtime does not run packages of Node\.js/],
    [`${base}entrypoint: a:b\nruntime: go1.21`, /this runtime does not run packages of Go/],
    [`${base}entrypoint: a:b\nruntime: python2.7`, /write for example runtime: python3\.11/],
    [`${base}entrypoint: a:b\nruntime: python3.11.2`, /runtime must be python3 with/],
    [`${base}entrypoint: a:b\nruntime: { node: "20" }`, /runtime must name python, not node/],
    [`${base}entrypoint: a:b\nruntime: { python: newest }`, /runtime\.python must say which/],
    [`${base}entrypoint: a:b\nruntime: { python: ">=3.8," }`, /runtime\.python must say which/],
    [`${base}ui: { path: . }`, /it would serve the whole package/],
    [`${base}ui: { path: ./ }`, /it would serve the whole package/],
    [`${base}ui: { path: /etc }`, /it is absolute/],
    [`${base}ui: { path: 'a\\b' }`, /backslash/],
    [`${base}ui: { path: ui, basePath: app }`, /ui\.basePath must be a path/],
    [`${base}ui: { path: ui, basePath: /a/../b }`, /ui\.basePath must be a path/],
    [`${base}ui: { path: ui, basePath: "/a b" }`, /ui\.basePath must be a path/],
    [`${base}entrypoint: a:b\ndependencies: httpx`, /dependencies must be a list/],
    [`${base}entrypoint: a:b\ndependencies: ["-r other.txt"]`, /dependencies\[0\] must be a req/],
    [`${base}entrypoint: a:b\ndependencies: ["a\\n--pre"]`, /dependencies\[0\] must be a req/],
    [`${base}entrypoint: a:b\ndependencies: ["../a"]`, /dependencies\[0\] must be a req/],
    [`${base}entrypoint: a:b\nenvironment: [a]`, /environment must be a mapping/],
    [`${base}entrypoint: a:b\nenvironment: { "A B": c }`, /"A B" in environment is no name/],
    [`${base}entrypoint: a:b\nenvironment: { A: "\\0" }`, /environment\.A holds a zero byte/],
    [`${base}entrypoint: a:b\nmetadata: x`, /metadata must be a mapping/],
    [`${base}entrypoint: a:b\nmetadata: { sub_agents: [x] }`, /sub_agents\[0\] must be a mapping/],
    [
      `${base}entrypoint: a:b\nmetadata: { sub_agents: [{ name: x, public: perhaps }] }`,
      /metadata\.sub_agents\[0\]\.public must be true or false/,
    ],
    [`name: a\nversion: "1 2"\nentrypoint: a:b`, /version must be a version, not "1 2"/],
    [`name: a\nversion: ../x\nentrypoint: a:b`, /version must be a version/],
    [`name: a\nname: b\nversion: 1\nentrypoint: a:b`, /the key "name" is here twice/],
  ];
  for (const [text, what] of cases) assert.match(faultOf(text).message, what, text);
});

Deno.test("readManifest() refuses YAML that is more than data, and bombs of it, at once", () => {
  const cases: readonly (readonly [text: string, what: RegExp])[] = [
    [
      "name: &a x\nversion: 1\nentrypoint: a:b\n",
      /anchor "&a" is not supported.*\n.*\n.*\n.*write the value out/,
    ],
    ["name: a\nversion: *v\n", /alias "\*v" is not supported/],
    ["name: !!python/object:os.system x\n", /tag/],
    ["a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]\n", /anchor/],
    [`a: ${"[".repeat(5000)}`, /more than 64 levels deep/],
    ["name: a\n---\nname: b\n", /a second YAML document/],
    ["\tname: a\n", /a tab indents/],
    ["name: a\nmetadata: { <<: { version: 1 } }\n", /merge keys/],
    ["name: a\n__proto__: { version: 1 }\n", /"__proto__" cannot be a key/],
  ];
  for (const [text, what] of cases) {
    const begun = performance.now();
    assert.match(faultOf(text).message, what, text.slice(0, 50));
    assert.ok(performance.now() - begun < 2000, text.slice(0, 50));
  }
});

Deno.test("readManifest() shows no value of the environment, whatever is wrong with it", () => {
  const secret = "hunter2";
  const cases = [
    `name: [x\nenvironment:\n  TOKEN: ${secret}\n`,
    `name: a\nenvironment:\n  TOKEN: "${secret}\n`,
    `name: a\nenvironment: { TOKEN: ${secret}, OTHER: [${secret}] }\n`,
    `name: a\nenvironment:\n  TOKEN: { a: ${secret} }\n`,
    `name: a\nenvironment:\n  TOKEN: ${secret}\n  TOKEN: ${secret}2\n`,
    `{\n"name": 1,\n "environment": {\n  "TOKEN": ["${secret}"]\n }\n}`,
    `name: a\nenvironment:\n  - ${secret}\n`,
    `name: a\nenvironment:\n  TOKEN: &x ${secret}\n`,
    `name: a\nenvironment:\n\n  TOKEN: |\n    ${secret}\n  OTHER: [1]\n`,
  ];
  for (const text of cases) {
    const { message, details } = faultOf(text);
    assert.ok(!message.includes(secret), message);
    assert.ok(!JSON.stringify(details).includes(secret), message);
  }
  const url = 'name: a\ndependencies: ["-i https://me:hunter2@example.com/simple"]\n';
  const { message, details } = faultOf(url);
  assert.match(message, /dependencies\[0\] must be a requirement/);
  assert.ok(!JSON.stringify([message, details]).includes("hunter2"));
  const digits = "123456789012345678901234567890";
  assert.ok(!faultOf(`environment: { PIN: ${digits} }`).message.includes(digits));
});
