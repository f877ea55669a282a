import assert from "node:assert/strict";
import { extractPackage } from "../../steps/apkg/extract.ts";
import { rawZip } from "../../steps/apkg/zip/raw_zip.ts";
import type { Fixture } from "./fixture.ts";

const manifest = `version: "1.0"
name: greeter
display_name: Greeter
description: Says hello
runtime: python3.11
rest: { entry: "src.rest:mount" }
ui: { path: ui }
dependencies: [httpx>=0.27]
environment: { GREETING: "\${GREETING:-hello}" }
metadata: { version: 0.3.0 }
`;

/** A package of the packer, with a large file and a program. */
export const fixture: Fixture = {
  step: extractPackage,
  async arrange(dir) {
    const file = `${dir}/package.apkg`;
    const entries = [
      { name: "agent.yaml", content: manifest },
      { name: "requirements.txt", content: "httpx\n" },
      { name: "src/rest.py", content: "def mount(app): ...\n" },
      { name: "ui/", content: "" },
      { name: "ui/index.html", content: "<p>hello\n" },
      { name: "bin/start", content: "#!/bin/sh\n", mode: 0o100755 },
      { name: "data", content: "0123456789".repeat(100_000), method: 0 },
    ];
    await Deno.writeFile(file, rawZip({ entries }));
    const to = `${dir}/package`;
    return {
      params: {
        package: file,
        to,
        max_entries: 100,
        max_bytes: 2 ** 24,
        max_file: 2 ** 23,
        max_ratio: 200,
      },
      watched: [dir],
      async verify(facts) {
        assert.equal(facts.package, to);
        assert.equal(facts.install, "requirements");
        assert.equal((facts.manifest as { version: string }).version, "0.3.0");
        assert.equal((await Deno.stat(`${to}/data`)).size, 1_000_000);
        assert.equal((await Deno.stat(`${to}/bin/start`)).mode! & 0o7777, 0o755);
        assert.equal((await Deno.stat(`${to}/agent.yaml`)).mode! & 0o7777, 0o644);
        await assert.rejects(Deno.lstat(`${to}.part`), Deno.errors.NotFound);
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
};
