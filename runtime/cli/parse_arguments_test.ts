// flags: --allow-read=. --allow-env=SLUICE_UPDATE_GOLDEN
import assert from "node:assert/strict";
import { parse } from "@optique/core";
import { compareGolden } from "../../tests/golden.ts";
import { program } from "./definition.ts";
import { parseArguments } from "./parse_arguments.ts";

const options = { color: false, columns: 100 };

function shown(...args: readonly string[]): string {
  const parsed = parseArguments(args, options);
  assert.equal(parsed.kind, "text");
  return parsed.text;
}

function fault(...args: readonly string[]): string {
  const parsed = parseArguments(args, options);
  assert.equal(parsed.kind, "fault");
  return `${parsed.message}; ${parsed.hint}`;
}

const commands = [
  "check",
  "plan",
  "run",
  "resume",
  "undo",
  "mark-done",
  "lock",
  "surfaces",
  "permissions",
  "sign",
  "verify",
  "compile",
  "install",
  "uninstall",
  "runs",
  "audit",
  "schema",
  "steps",
  "tokens",
  "log verify",
  "man",
];

for (const command of commands) {
  Deno.test(`parseArguments() explains ${command}`, async () => {
    const text = shown(...command.split(" "), "--help");
    assert.equal(shown("help", ...command.split(" ")), text);
    assert.match(text, new RegExp(`^Example: \\s*.*sluice ${command}`, "m"));
    await compareGolden(`cli/help_${command.replaceAll(/[ -]/g, "_")}.txt`, text);
  });
}

Deno.test("parseArguments() lists the commands", async () => {
  const text = shown("--help");
  assert.equal(shown("help"), text);
  const listed = [...text.matchAll(/^ {2}([a-z][a-z-]*) {2}/gm)].map(([, name]) => name);
  const explained = commands.map((command) => command.split(" ")[0]);
  assert.deepEqual(listed.toSorted(), [...explained, "help", "completions"].toSorted());
  await compareGolden("cli/help.txt", text);
});

Deno.test("parseArguments() reads by one command what the parser of all reads", () => {
  const first = commands.map((command) => command.split(" ")[0]!);
  assert.deepEqual([...program.commands.keys()].toSorted(), first.toSorted());
  for (const command of commands) {
    const help = shown(...command.split(" "), "--help").replaceAll(/\s+/g, " ");
    const [, example = ""] = /Example: .*?sluice ([^`>|]+)/.exec(help)!;
    // What stands in quotes is one argument.
    const args = [...example.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)]
      .map(([, one, two, three]) => one ?? two ?? three ?? "");
    const all = parse(program.parser, args);
    assert.ok(all.success, example);
    const alone = parse(program.commands.get(args[0] ?? "")!, args);
    assert.ok(alone.success, example);
    assert.deepEqual(alone.value, all.value);
    assert.deepEqual(parseArguments(args, options), { kind: "command", command: all.value });
  }
});

Deno.test("parseArguments() tells the version", () => {
  assert.match(shown("--version"), /^\d+\.\d+\.\d+\n$/);
});

Deno.test("parseArguments() reads options in any order, with = or without", () => {
  const parsed = parseArguments(
    ["run", "--param=a=b=c", "x.yaml", "--param", "d=", "--tokens", "json", "--runs=r"],
    options,
  );
  assert.equal(parsed.kind, "command");
  assert.equal(parsed.command.command, "run");
  const { file, param, tokens, events, runs, debug } = parsed.command;
  assert.deepEqual(
    { file, param, tokens, events, runs, debug },
    {
      file: "x.yaml",
      param: [["a", "b=c"], ["d", ""]],
      tokens: "json",
      events: "text",
      runs: "r",
      debug: false,
    },
  );
});

Deno.test("parseArguments() says what was meant", async () => {
  const lines = [
    [],
    ["chek"],
    ["--hlep"],
    ["run", "--parm", "a=b", "x.yaml"],
    ["run", "x.yaml", "--param", "root"],
    ["run", "x.yaml", "--tokens", "xml"],
    ["run", "x.yaml", "--accept", "abc"],
    ["run", "x.yaml", "y.yaml"],
    ["check"],
    ["lock", "--chekc"],
    ["lock", "--format", "sarif"],
    ["permissions"],
    ["permissions", "a", "--as", "yaml"],
    ["plan", "x.yaml", "--fromat=json"],
    ["resume"],
    ["mark-done", "3f9a", "P5-3"],
    ["log"],
    ["log", "verfy", "x"],
    ["help", "chek"],
    ["completions", "nosh"],
  ];
  const text = lines.map((args) => `${["sluice", ...args].join(" ")}\n  ${fault(...args)}\n`);
  await compareGolden("cli/usage_faults.txt", text.join(""));
});

Deno.test("parseArguments() completes commands, options and values", () => {
  assert.match(shown("completions", "bash", "r"), /^run\n/m);
  assert.match(shown("completions", "bash", "run", "--p"), /^--params\n/m);
  assert.match(shown("completions", "bash", "check", "--format", "s"), /^sarif\n/m);
});

for (const shell of ["bash", "zsh", "fish"]) {
  Deno.test(`parseArguments() writes completions for ${shell}`, () => {
    assert.match(shown("completions", shell), /sluice/);
  });
}
