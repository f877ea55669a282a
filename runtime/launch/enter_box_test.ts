// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-env=HOME,DENO_DIR,XDG_CACHE_HOME
import assert from "node:assert/strict";
import { RefusedError } from "../../engine/errors.ts";
import { none } from "../../engine/permissions/permissions.ts";
import { enterBox } from "./enter_box.ts";

const names = ["HOME", "DENO_DIR", "XDG_CACHE_HOME"];
const box = { kind: "bubblewrap", program: "/usr/bin/bwrap" } as const;
const places = { deno: "/deno", project: "/project", cwd: "/", runs: "/runs", tmp: "/tmp" };
const command = { program: "/deno", args: [], env: {}, cwd: "/" };
const inside = { set: none, programs: {} };

Deno.test("enterBox() says what to do where nothing tells where Deno's cache is", () => {
  const before = names.map((name) => [name, Deno.env.get(name)] as const);
  try {
    for (const name of names) Deno.env.delete(name);
    assert.throws(() => enterBox(box, command, inside, places), (error) => {
      assert.ok(error instanceof RefusedError);
      assert.match(error.hint!, /set HOME, or DENO_DIR/);
      return true;
    });
    // Steps of others keep nothing: they are told of a folder that is not there.
    enterBox(box, { ...command, env: { DENO_DIR: "/proc/self/none" } }, inside, places);
    enterBox({ kind: "none", why: "asked for" }, command, inside, places);
  } finally {
    for (const [name, value] of before) if (value !== undefined) Deno.env.set(name, value);
  }
});
