import assert from "node:assert/strict";
import { folderWith } from "../../cli/folder_with.ts";
import { foreignFile, runAccepted } from "../../cli/foreign_bed.ts";
import { processesWith } from "../../cli/processes_with.ts";
import type { OwnCase } from "../case.ts";
import { serveHealth } from "../serve_health.ts";

/** What changes how Deno, Node or the loader of programs work, and where they fetch from. */
const hostile: Readonly<Record<string, string>> = {
  DENO_AUTH_TOKENS: "hunter2@127.0.0.1",
  DENO_NO_PACKAGE_JSON: "0",
  DENO_TRACE_PERMISSIONS: "1",
  DENO_V8_FLAGS: "--max-old-space-size=4096",
  GCONV_PATH: "/nowhere",
  NODE_OPTIONS: "--no-warnings",
  NPM_CONFIG_REGISTRY: "http://127.0.0.1:9/",
  OTEL_DENO: "false",
};

/**
 * What a child of the launcher may find, the log that Deno keeps, and what bash leaves that closes
 * what was open where these tests were started.
 */
const known = [
  ...["HOME", "DENO_DIR", "TMPDIR", "XDG_CACHE_HOME", "DENO_CERT", "DENO_TLS_CA_STORE"],
  ...["SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "NO_COLOR"],
  ...[
    "DENO_NO_UPDATE_CHECK",
    "DENO_AUDIT_PERMISSIONS",
    "DENO_EMIT_CACHE_MODE",
    "DENO_WEBGPU_BACKEND",
    ...["PWD", "SHLVL", "_"],
  ],
];

/** Names of the variables that a process was started with. */
async function variablesOf(id: number): Promise<readonly string[]> {
  const { stdout } = await new Deno.Command("/bin/sh", {
    args: ["-c", 'tr "\\0" "\\n" <"/proc/$1/environ"', "sh", String(id)],
    clearEnv: true,
    env: { PATH: "/usr/bin:/bin" },
  }).output();
  return new TextDecoder().decode(stdout).trim().split("\n").map((line) => line.split("=")[0]!);
}

/** Runs a step in a folder, with these variables around the launcher; looks while it is at work. */
async function run(cwd: string, env: Readonly<Record<string, string>>) {
  const found: (readonly string[])[] = [];
  await using health = serveHealth(async () => {
    for (const program of ["/runtime/runner.ts", "/runtime/foreign/host.ts"]) {
      for (const id of await processesWith(program, cwd)) found.push(await variablesOf(id));
    }
  });
  const step = foreignFile({
    grants: { connect: [health.host] },
    run: `return { ok: (await fetch("${health.url}")).ok };`,
  });
  await Deno.writeTextFile(`${cwd}/step.ts`, step);
  const text = "sluice: v1\nname: x\nsteps:\n  - { id: other, uses: ./step.ts }\n";
  await Deno.writeTextFile(`${cwd}/x.yaml`, text);
  const ran = await runAccepted("x.yaml", { cwd, args: ["--box", "none"], env });
  assert.equal(ran.code, 0, ran.said.join("\n"));
  return { ...ran, found };
}

/** What lies around the launcher: variables, and files where the user stands. */
export const environment: readonly OwnCase[] = [
  {
    name: "launcher-environment",
    attack: "sets variables around the launcher that change Deno, Node or the loader of programs",
    layer: "launcher",
    async prove() {
      const { found } = await run(await folderWith({}), hostile);
      assert.ok(found.length >= 2, `${found.length} processes were seen`);
      for (const names of found) {
        assert.deepEqual(names.filter((name) => !known.includes(name)), []);
      }
    },
  },
  {
    name: "launcher-required",
    attack: "has the launcher itself load code, by NODE_OPTIONS=--require",
    layer: "nothing",
    unboxed: "**succeeds**: who sets what Deno starts with decides what the launcher is",
    async prove() {
      const cwd = await folderWith({ "planted.cjs": `console.error("planted");` });
      const { found, said, output } = await run(cwd, {
        NODE_OPTIONS: `--require ${cwd}/planted.cjs`,
      });
      // Once: neither in the runner nor in the step.
      assert.deepEqual(said.filter((line) => line.includes("planted")), ["planted"]);
      assert.deepEqual(output, []);
      assert.ok(!found.flat().includes("NODE_OPTIONS"));
    },
  },
  {
    name: "standing-files",
    attack: "leaves deno.json, deno.lock, package.json, .npmrc and .env where the user stands",
    layer: "launcher",
    async prove() {
      const cwd = await folderWith({
        "deno.json": `{ "imports": { "valibot": "./planted.ts" }, "lock": "nowhere", "x`,
        "deno.lock": "damaged",
        "package.json": `{ "type": "commonjs", "dependencies": { "valibot": "file:./planted" } `,
        "planted.ts": `console.log("planted"); throw new Error("planted");`,
        ".npmrc": "registry=http://127.0.0.1:9/",
        ".env": "DENO_V8_FLAGS=--nothing\nHOSTILE_DOTENV=1",
      });
      const { found, output } = await run(cwd, {});
      assert.deepEqual(output, []);
      assert.ok(found.length >= 2);
      assert.ok(!found.flat().some((name) => name === "HOSTILE_DOTENV"));
    },
  },
];
