// flags: none
import assert from "node:assert/strict";
import { positional } from "./command_line.ts";

Deno.test("positional() passes over options and their values", () => {
  const cases: readonly [string, readonly string[]][] = [
    ["run a.yaml", ["run", "a.yaml"]],
    ["--runs r run --param a=b --debug a.yaml --tokens json", ["run", "a.yaml"]],
    ["run --runs=r --again -- --a.yaml", ["run", "--a.yaml"]],
    ["run --require-signature k --plan p", ["run"]],
    ["tokens -", ["tokens", "-"]],
    ["run --param", ["run"]],
    ["", []],
  ];
  for (const [line, expected] of cases) {
    assert.deepEqual(positional(line.split(" ").filter(Boolean)), expected, line);
  }
});
