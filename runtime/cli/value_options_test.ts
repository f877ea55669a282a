// flags: none
import assert from "node:assert/strict";
import { getDocPage } from "@optique/core";
import { valueOptions } from "../launch/command_line.ts";
import { program } from "./definition.ts";

Deno.test("the launcher knows every option that takes a value", () => {
  const commands = (getDocPage(program.parser)?.sections ?? [])
    .flatMap(({ entries }) => entries)
    .flatMap(({ term }) => term.type === "command" ? [term.name] : []);
  assert.ok(commands.includes("run"));
  const found = new Set<string>();
  for (const name of commands) {
    const path = name === "log" ? [name, "verify"] : [name];
    const entries = getDocPage(program.parser, path)?.sections.flatMap((each) => each.entries) ??
      [];
    for (const { term } of entries) {
      if (term.type === "option" && term.metavar !== undefined) {
        for (const option of term.names) found.add(option);
      }
    }
  }
  const known = new Set(valueOptions);
  assert.deepEqual([...found].filter((option) => !known.has(option)), []);
});
