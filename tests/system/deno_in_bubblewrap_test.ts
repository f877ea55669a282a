// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>
/**
 * What bubblewrap is to a Deno: the box that the launcher puts around a runner ends with it, and a
 * grant on it would be a grant on everything, so `runtime/launch/refuse_escapes.ts` refuses one.
 *
 * @module
 */
import assert from "node:assert/strict";
import { probe } from "../deno/probe.ts";
import { saidAfterKill } from "../deno/said_after_kill.ts";

const bwrap = "/usr/bin/bwrap";

Deno.test("a program in bubblewrap with --die-with-parent ends with a Deno that is killed", async () => {
  const box = [bwrap, "--dev-bind", "/", "/"] as const;
  assert.equal(await saidAfterKill(box), "begun\nalive\n");
  assert.equal(await saidAfterKill([...box, "--die-with-parent"]), "begun\n");
});

Deno.test("a grant on bubblewrap is a grant on everything", async () => {
  assert.deepEqual(
    await probe(
      `const args = ["--dev-bind", "/", "/", "/bin/cat", "/etc/passwd"];
       return [await read("/etc/passwd"), await start(bwrap, args)];`,
      { flags: [`--allow-run=${bwrap}`], given: { bwrap } },
    ),
    ["NotCapable", "works"],
  );
});
