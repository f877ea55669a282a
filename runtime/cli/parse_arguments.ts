import {
  extractOptionNames,
  formatMessage,
  getDocPage,
  parse,
  type RunOptions,
  runParser,
} from "@optique/core";
import { suggest } from "../../engine/document/suggest.ts";
import { type Command, program } from "./definition.ts";
import { version } from "./version.ts";

/** What a command line means. */
export type Parsed =
  | { readonly kind: "command"; readonly command: Command }
  /** Help, a version or completions: text for standard output. */
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "fault"; readonly message: string; readonly hint: string };

export interface ArgumentOptions {
  readonly color: boolean;
  /** Width of the terminal in cells. */
  readonly columns: number;
}

/** Thrown through the library to leave it once it has written what it had to. */
class Shown extends Error {}

/** Reads a command line. Pure: help and completions come back as text. */
export function parseArguments(args: readonly string[], options: ArgumentOptions): Parsed {
  let text = "";
  let fault: string | undefined;
  const shown = () => {
    throw new Shown();
  };
  const runOptions: RunOptions<never, never> = {
    brief: program.metadata.brief,
    footer: program.metadata.footer,
    colors: options.color,
    maxWidth: Math.max(60, Math.min(options.columns, 120)),
    showDefault: { prefix: " (default: ", suffix: ")" },
    showChoices: { prefix: " (", suffix: ")", label: "one of " },
    termWidth: "auto",
    usageLine: [{ type: "command", name: "COMMAND" }, { type: "ellipsis" }],
    commandList: "top-level",
    help: { command: true, option: { names: ["-h", "--help"] }, onShow: shown },
    version: { value: version, option: true, onShow: shown },
    completion: { command: { names: ["completions", "completion"] }, onShow: shown },
    aboveError: "none",
    stdout: (line) => text += `${line}\n`,
    stderr: () => {},
    onError: (_code, error) => {
      fault = formatMessage(error, { quotes: true });
      throw new Shown();
    },
  };
  if (args.length === 0) {
    return { kind: "fault", message: "a command is missing", hint: "sluice --help lists them" };
  }
  const command = readCommand(args);
  if (command !== undefined) return { kind: "command", command };
  try {
    return { kind: "command", command: runParser(program.parser, "sluice", args, runOptions) };
  } catch (error) {
    if (!(error instanceof Shown)) throw error;
    return fault === undefined ? { kind: "text", text } : explain(fault, args);
  }
}

/** What the parser of one command does not know: it may stand where that takes the next argument. */
const ofAll = ["-h", "--help", "--version"];

/**
 * A command line as its own command reads it: to try them all takes longer. What it does not read, a
 * fault for example, is left to the parser of all.
 */
function readCommand(args: readonly string[]): Command | undefined {
  const parser = program.commands.get(args[0] ?? "");
  if (parser === undefined || args.some((argument) => ofAll.includes(argument))) return undefined;
  const result = parse(parser, args);
  return result.success ? result.value : undefined;
}

/** A fault in one line, with what to do about it. */
function explain(fault: string, args: readonly string[]): Parsed {
  const [first = "", ...rest] = fault.split("\n\n");
  const message = first.replace(/\.$/, "")
    .replace(/^Expected an? (`.+`), but too few arguments$/, "$1 is missing").replace(
      /^[A-Z](?=[a-z])/,
      (letter) => letter.toLowerCase(),
    );
  const meant = rest.find((line) => line.startsWith("Did you mean"));
  const command = commandOf(args);
  // The library says "unexpected option or subcommand" of any word that it has no use for.
  const [, word] = /^Unexpected option or subcommand: `([^-`].*)`\.?$/.exec(first) ?? [];
  if (command !== undefined && command !== "log" && word !== undefined) {
    return {
      kind: "fault",
      message: `${JSON.stringify(word)} is more than sluice ${command} takes`,
      hint: `see sluice help ${command}`,
    };
  }
  const help = command === undefined ? "sluice --help" : `sluice help ${command}`;
  const isOption = args[0]?.startsWith("-") ?? false;
  return (command !== undefined || isOption ? unknownOption(command ?? "", args) : undefined) ?? {
    kind: "fault",
    message,
    hint: meant?.replace(/^D/, "d").replaceAll(/\s+/g, " ") ?? `see ${help}`,
  };
}

/** The library suggests options only where nothing else could stand. */
function unknownOption(command: string, args: readonly string[]): Parsed | undefined {
  const usage = getDocPage(program.parser, command.split(" ").filter(Boolean))?.usage ?? [];
  const known = [...command === "" ? ["--version"] : extractOptionNames(usage, true), "--help"];
  const end = args.indexOf("--");
  const options = args.slice(0, end < 0 ? args.length : end)
    .filter((argument) => /^--?[A-Za-z]/.test(argument))
    .map((argument) => argument.replace(/=.*$/s, ""));
  const unknown = options.find((option) => !known.includes(option) && option !== "-h");
  if (unknown === undefined) return undefined;
  const meant = suggest(unknown, known);
  return {
    kind: "fault",
    message: `${["sluice", command].join(" ").trim()} has no option ${unknown}`,
    hint: meant === undefined ? `see sluice help ${command}`.trim() : `did you mean ${meant}?`,
  };
}

function commandOf(args: readonly string[]): string | undefined {
  const names = (getDocPage(program.parser)?.sections ?? [])
    .flatMap(({ entries }) => entries)
    .flatMap(({ term }) => term.type === "command" ? [term.name] : []);
  const [first = "", second] = args;
  if (!names.includes(first)) return undefined;
  return first === "log" && second === "verify" ? "log verify" : first;
}
