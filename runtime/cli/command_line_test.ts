// flags: none
/**
 * The launcher reads the command line by itself, and what it admits depends on it. Here what it reads is
 * compared with what the parser of the planner does.
 *
 * @module
 */
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { hasOption, optionValue, optionValues, positional } from "../launch/command_line.ts";
import type { Command } from "./definition.ts";
import { parseArguments } from "./parse_arguments.ts";

const digest = `sha256:${"0".repeat(64)}`;
const value: fc.Arbitrary<string> = fc.constantFrom(
  "--",
  "-",
  "",
  "--again",
  "--surface",
  "a=b",
  "x",
  "-x",
  "a.yaml",
  "=",
);
const named = (name: string, values = value) =>
  fc.oneof(values.map((text) => [name, text]), values.map((text) => [`${name}=${text}`]));
/** A few arguments that belong together, or do not. */
const piece = fc.oneof(
  named("--surface"),
  named("--plan"),
  named("--runs"),
  named("--params"),
  named("--param", fc.constantFrom("a=--", "--again=x", "a=", "b=--accept")),
  named("--accept", fc.constantFrom(digest, "--", "none")),
  named("--box", fc.constantFrom("none", "auto", "--")),
  fc.constantFrom(["--again"], ["--debug"], ["--require-confinement"], ["--again=x"]),
  fc.constantFrom(["--"], ["a.yaml"], ["-"], ["r1"], ["--surface"], ["--require-confinement="]),
);
const line = fc.tuple(
  fc.constantFrom("run", "resume", "undo", "plan"),
  fc.array(piece, { maxLength: 5 }),
).map(([command, pieces]) => [command, ...pieces.flat()]);

/** What both have words for, as the launcher reads it, and as the parser did. */
function readings(args: readonly string[], command: Command): readonly [unknown, unknown] {
  const parsed = command as unknown as Readonly<Record<string, unknown>>;
  const flag = (name: string, key: string) =>
    key in parsed ? [[name, hasOption(args, name), parsed[key]]] : [];
  const one = (name: string, key: string, otherwise?: string) =>
    key in parsed || optionValue(args, name) !== undefined
      ? [[name, optionValue(args, name) ?? otherwise, parsed[key]]]
      : [];
  const [name, target] = positional(args);
  const all = [
    ["command", name, parsed["command"]],
    ["target", target, parsed["file"] ?? parsed["run"]],
    ...one("--surface", "surface"),
    ...one("--plan", "plan"),
    ...one("--accept", "accept"),
    ...one("--runs", "runs", ".sluice/runs"),
    ...one("--box", "box", "auto"),
    ...flag("--again", "again"),
    ...flag("--debug", "debug"),
    ...flag("--require-confinement", "requireConfinement"),
    [
      "--param",
      optionValues(args, "--param").length,
      (parsed["param"] as [] | undefined)?.length ?? 0,
    ],
    ["--params", optionValue(args, "--params"), parsed["params"]],
  ];
  return [all.map(([key, ours]) => [key, ours]), all.map(([key, , theirs]) => [key, theirs])];
}

Deno.test("the launcher reads of each command line what the planner's parser reads", () => {
  let accepted = 0;
  fc.assert(
    fc.property(line, (args) => {
      const parsed = parseArguments(args, { color: false, columns: 80 });
      if (parsed.kind !== "command") return;
      accepted++;
      const [ours, theirs] = readings(args, parsed.command);
      assert.deepEqual(ours, theirs, JSON.stringify(args));
    }),
    { numRuns: 5000 },
  );
  assert.ok(accepted > 300, `only ${accepted} lines were accepted`);
});
