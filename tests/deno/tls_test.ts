// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-net=127.0.0.1 --allow-run=<deno>
/**
 * What TLS needs beside the grant of a host. `steps/http/tls_stream.ts` does without Node's own client.
 *
 * @module
 */
import assert from "node:assert/strict";
import { probe, run, script } from "./probe.ts";

Deno.test("node:https asks for sys=ca, which no flag can name; Deno.connectTls asks for the host alone", async () => {
  const code = `
    const { request } = await import("node:https");
    const byNode = await new Promise((resolve) => {
      try {
        request("https://127.0.0.1:1/").on("error", ({ message }) => resolve(message)).end();
      } catch ({ message }) {
        resolve(message);
      }
    });
    const byDeno = await tries(() => Deno.connectTls({ hostname: "127.0.0.1", port: 1 }));
    return [byNode, byDeno];`;
  const flags = ["--allow-net=127.0.0.1:1"];
  const [byNode, byDeno] = await probe(code, { flags }) as readonly string[];
  assert.match(byNode!, /Requires sys access to "ca"/);
  assert.equal(byDeno, "ConnectionRefused");
  const { stderr } = await run(await script(""), { flags: ["--allow-sys=ca"] });
  assert.match(stderr, /ca/);
  assert.doesNotMatch(stderr, /result/);
});
