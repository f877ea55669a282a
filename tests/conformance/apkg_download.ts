import assert from "node:assert/strict";
import { downloadPackage } from "../../steps/apkg/download.ts";
import { bodyOf, httpsServer } from "../../steps/apkg/fetch/test_servers.ts";
import type { Fixture } from "./fixture.ts";

/** A server with a certificate that the process trusts. */
export const fixture: Fixture = {
  step: downloadPackage,
  async arrange(dir) {
    const server = await httpsServer((_, response) => response.end(bodyOf(50_000)));
    return {
      params: {
        url: `${server.url}/a.apkg`,
        path: "",
        to: `${dir}/package.apkg`,
        region: "us-east-2",
        endpoint: "",
        hosts: [],
        container_relative: "",
        container_full: "",
        sha256: "",
        max_size: 1_000_000,
        timeout: 20_000,
        attempts: 1,
      },
      env: { DENO_CERT: new URL("../fixtures/tls/ca.pem", import.meta.url).pathname },
      watched: [dir],
      async verify(facts) {
        assert.deepEqual(facts.bytes, 50_000);
        assert.deepEqual(await Deno.readFile(`${dir}/package.apkg`), bodyOf(50_000));
      },
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  },
};
