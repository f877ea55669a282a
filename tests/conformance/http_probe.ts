import assert from "node:assert/strict";
import { probeHttp } from "../../steps/http/http_probe.ts";
import type { Fixture } from "./fixture.ts";

const key = "k3y";

/** A service that tells its health to everybody, and its version to those who have the key. */
export const fixture: Fixture = {
  step: probeHttp,
  arrange() {
    let asked = 0;
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
      asked++;
      if (new URL(request.url).pathname === "/healthz") return Response.json({ status: "healthy" });
      return request.headers.get("x-api-key") === key
        ? Response.json({ service: { version: "2.1.0" } })
        : Response.json({}, { status: 403 });
    });
    const { port } = server.addr;
    return Promise.resolve({
      params: {
        url: `http://127.0.0.1:${port}/healthz`,
        good_answers: 2,
        deadline: 5_000,
        settle: 300,
        version_at: `http://localhost:${port}/version#/service/version`,
        version_header: "X-API-Key=env:SLUICE_PROBE_KEY",
      },
      late: { expect: "2.1.0" },
      env: { SLUICE_PROBE_KEY: key },
      verify(facts) {
        assert.deepEqual(facts, { answers: 2, version: "2.1.0" });
        // Two answers and at least one more in the settle time, of two questions each.
        assert.ok(asked >= 6, `it was asked ${asked} times`);
        return Promise.resolve();
      },
      [Symbol.asyncDispose]: () => server.shutdown(),
    });
  },
};
