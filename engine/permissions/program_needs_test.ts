import assert from "node:assert/strict";
import { needsOf } from "./program_needs.ts";

const grant = (program: string, ...args: string[]) => ({ program, args, env: [] });

Deno.test("needsOf() knows what systemctl cannot do without, and that asking needs no root", () => {
  const directives = (...args: string[]) =>
    needsOf(grant("/usr/bin/systemctl", ...args)).relaxes.map(({ directive }) => directive);
  assert.deepEqual(directives("show", "--", "atp-*"), ["RestrictAddressFamilies"]);
  assert.deepEqual(directives("--no-ask-password", "start", "--", "x"), [
    "RestrictAddressFamilies",
    "User",
  ]);
});

Deno.test("needsOf() says who needs it in every reason", () => {
  const names =
    "systemctl journalctl ps pgrep free findmnt lsblk hostname nft cp tar curl pip ln x";
  for (const name of names.split(" ")) {
    for (const { why } of needsOf(grant(name)).relaxes) assert.ok(why.startsWith(`${name} `), why);
  }
  assert.ok(needsOf(grant("curl")).network);
  assert.deepEqual(needsOf(grant("frobnicate")), { read: [], network: false, relaxes: [] });
});
