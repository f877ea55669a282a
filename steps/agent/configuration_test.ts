// Needs no permission.
import assert from "node:assert/strict";
import * as v from "valibot";
import fc from "fast-check";
import { readBasePath } from "./base_path.ts";
import { type Configuration, configurationFaults } from "./configuration.ts";
import { configureAgent } from "./configure.ts";
import { packageSource } from "./package_source.ts";

const sound: Configuration = {
  agent_app_id: "a-1",
  rest_port: 8080,
  a2a_port: 50051,
  ui_port: 3000,
  multiplexed: false,
  base_path: "",
  package_url: "https://packages.example/a.apkg",
  package_path: "",
  s3_bucket: "pixell-agent-packages",
  log_level: "info",
};

function faults(changes: Partial<Configuration>): string[] {
  return configurationFaults({ ...sound, ...changes }).map(({ message }) => message);
}

Deno.test("readBasePath() normalises", () => {
  const paths = {
    "": "/agents/a-1",
    "/": "",
    "//": "",
    "/agents/{AGENT_APP_ID}": "/agents/a-1",
    "/agents/{AGENT_APP_ID}/": "/agents/a-1",
    "//x//y///": "/x/y",
    "/a.b_c-d/E9": "/a.b_c-d/E9",
  };
  for (const [text, path] of Object.entries(paths)) {
    assert.deepEqual([text, readBasePath(text, "a-1")], [text, { path }]);
  }
});

Deno.test("readBasePath() refuses what a proxy could read in another way", () => {
  for (
    const text of ["x", "/..", "/a/../b", "/./a", "/a%2fb", "/a b", "/a?b", "/ä", "/{OTHER}", " /a"]
  ) {
    assert.notEqual(readBasePath(text, "a-1").fault, undefined, text);
  }
  assert.notEqual(readBasePath("", "..").fault, undefined);
});

Deno.test("readBasePath() gives what it gives again, and never a trailing or doubled slash", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("/", "a", ".", "-", "{AGENT_APP_ID}") }),
      (text) => {
        const read = readBasePath(text, "a-1");
        if (read.fault !== undefined) return;
        assert.match(read.path, /^(\/[A-Za-z0-9_.-]+)*$/);
        assert.deepEqual(readBasePath(read.path || "/", "a-1"), read);
      },
    ),
  );
});

Deno.test("packageSource() takes a file, https, and s3 of the one bucket", () => {
  const at = (url: string, path = "") => packageSource({ url, path, bucket: "b" }).kind;
  assert.deepEqual([at("", "/p.apkg"), at("https://h/x?sig=1"), at("s3://b/k/v.apkg")], [
    "file",
    "https",
    "s3",
  ]);
  for (
    const url of [
      "",
      "http://h/x",
      "ftp://h/x",
      "file:///x",
      "s3://other/k",
      "s3://b",
      "s3://b/",
      "x",
      "https://u:p@h/",
    ]
  ) {
    assert.deepEqual([url, at(url)], [url, "fault"]);
  }
  assert.equal(at("https://h/x", "/p"), "fault");
});

Deno.test("configurationFaults() finds all faults at once, and shows no query of a URL", () => {
  assert.deepEqual(faults({}), []);
  const all = faults({
    agent_app_id: "",
    base_path: "/..",
    a2a_port: 8080,
    ui_port: 8080,
    package_url: "http://h/x?X-Amz-Signature=0f1e",
  });
  assert.deepEqual(all.map((message) => message.split(" ")[0]), [
    "AGENT_APP_ID",
    "BASE_PATH",
    "A2A_PORT",
    "UI_PORT",
    "UI_PORT",
    "PACKAGE_URL",
  ]);
  assert.doesNotMatch(all.join(), /0f1e/);
});

Deno.test("configurationFaults() knows the levels of the log, in either case", () => {
  assert.deepEqual(faults({ log_level: "WARN" }), []);
  assert.deepEqual(faults({ log_level: "loud" }), [
    'LOG_LEVEL is "loud": debug, info, warn or error',
  ]);
});

Deno.test("configurationFaults() allows the UI on the REST port only where it is multiplexed", () => {
  assert.deepEqual(faults({ ui_port: 8080, multiplexed: true }), []);
  assert.equal(faults({ ui_port: 8080 }).length, 1);
  assert.equal(faults({ ui_port: 50051, multiplexed: true }).length, 1);
});

Deno.test("agent.configure judges the whole when planning", () => {
  const given = { ...sound, deployment_id: "", work: "/w", store: "/s" };
  assert.ok(v.safeParse(configureAgent.params, given).success);
  const { issues = [] } = v.safeParse(configureAgent.params, {
    ...given,
    base_path: "/..",
    ui_port: 8080,
  });
  assert.deepEqual(issues.map(({ path }) => path?.[0]?.key), ["base_path", "ui_port"]);
});

Deno.test("agent.configure judges what is sound beside what is not", () => {
  const { deployment_id: _, ...given } = { ...sound, deployment_id: "", work: "/w", store: "/s" };
  const { issues = [] } = v.safeParse(configureAgent.params, {
    ...given,
    rest_port: "8080",
    a2a_port: 3000,
    multiplexed: "no",
    base_path: "/..",
  });
  assert.deepEqual(
    issues.map(({ path }) => path?.[0]?.key).sort(),
    ["base_path", "deployment_id", "multiplexed", "rest_port", "ui_port"],
  );
});
