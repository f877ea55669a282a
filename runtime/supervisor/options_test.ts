import assert from "node:assert/strict";
import { UsageError } from "../../engine/errors.ts";
import { parseOptions } from "./options.ts";

const basis = ["--socket", "/run/s", "--log", "/log"];

Deno.test("parseOptions() reads all options, and leaves the program's alone", () => {
  const env = ["--env", "A=1", "--env", "B=x=y\nz"];
  const more = ["--cwd", "/srv", "--stop-timeout", "1m", "--autostart"];
  assert.deepEqual(parseOptions([...basis, ...env, ...more, "--", "/bin/p", "--", "--log"]), {
    socket: "/run/s",
    log: "/log",
    program: "/bin/p",
    args: ["--", "--log"],
    cwd: "/srv",
    env: { A: "1", B: "x=y\nz" },
    stop_timeout_ms: 60_000,
    autostart: true,
    until_stdin_ends: false,
  });
});

Deno.test("parseOptions() refuses what is missing, unknown, doubled or relative", () => {
  const bad: readonly [string, readonly string[], RegExp][] = [
    ["no program", basis, /no program is named/],
    ["nothing after --", [...basis, "--"], /no program is named/],
    ["no socket", ["--log", "/log", "--", "p"], /--socket is missing/],
    ["relative", ["--socket", "s", "--log", "/log", "--", "p"], /--socket s is not an absolute/],
    ["unknown", [...basis, "--sockt", "x", "--", "p"], /unknown: --sockt/],
    ["twice", [...basis, ...basis, "--", "p"], /--socket is given twice/],
    ["no value", [...basis, "--cwd", "--", "p"], /--cwd needs a value/],
    ["duration", [...basis, "--stop-timeout", "10", "--", "p"], /--stop-timeout 10 is no duration/],
    ["env", [...basis, "--env", "A", "--", "p"], /--env wants NAME=VALUE/],
  ];
  for (const [what, args, message] of bad) {
    assert.throws(
      () => parseOptions(args),
      (error) => error instanceof UsageError && message.test(error.message),
      what,
    );
  }
});

Deno.test("parseOptions() refuses a socket that the kernel cannot bind", () => {
  const long = `/${"x".repeat(107)}`;
  assert.throws(() => parseOptions(["--socket", long, "--log", "/log", "--", "p"]), {
    name: "InvalidInputError",
    message: /has 108 bytes, and at most 107 are possible/,
  });
  parseOptions(["--socket", long.slice(0, -1), "--log", "/log", "--", "p"]);
});
