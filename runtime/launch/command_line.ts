/**
 * Options that take a value as the next argument. A test holds the list to the command line's own
 * definition, which the launcher may not import.
 */
export const valueOptions: readonly string[] = [
  "--accept",
  "--as",
  "--box",
  "--events",
  "--expires",
  "--facts",
  "--format",
  "--head",
  "--key",
  "--keys",
  "--output",
  "--param",
  "--params",
  "--password",
  "--pipeline",
  "--plan",
  "--prefix",
  "--program",
  "--reason",
  "--require-signature",
  "--root",
  "--runs",
  "--signature",
  "--surface",
  "--tokens",
  "--unit-dir",
];

/** A command line as the planner's parser reads it, as far as the launcher decides by it. */
interface CommandLine {
  readonly operands: readonly string[];
  /** Name and value of each option in turn; `undefined` for one that has none. */
  readonly options: readonly (readonly [name: string, value: string | undefined])[];
}

/**
 * What follows an option that takes a value is its value, whatever it looks like, `--` as well. A `--`
 * that is no value ends the options. A test holds this to the planner's parser.
 */
function read(args: readonly string[]): CommandLine {
  const operands: string[] = [];
  const options: (readonly [string, string | undefined])[] = [];
  for (let at = 0; at < args.length; at++) {
    const argument = args[at]!;
    if (argument === "--") {
      operands.push(...args.slice(at + 1));
      break;
    }
    if (!argument.startsWith("-") || argument === "-") operands.push(argument);
    else if (valueOptions.includes(argument)) options.push([argument, args[++at]]);
    else {
      const equals = argument.indexOf("=");
      options.push(
        equals < 0
          ? [argument, undefined]
          : [argument.slice(0, equals), argument.slice(equals + 1)],
      );
    }
  }
  return { operands, options };
}

/**
 * The arguments that are neither options nor their values: the command first.
 *
 * @example
 * ```ts
 * import { positional } from "./command_line.ts";
 * import assert from "node:assert/strict";
 *
 * const args = ["run", "--param", "a=b", "apply.yaml", "--accept=sha256:0"];
 * assert.deepEqual(positional(args), ["run", "apply.yaml"]);
 * ```
 */
export function positional(args: readonly string[]): readonly string[] {
  return read(args).operands;
}

/** All values of an option that may be repeated, as `--name VALUE` and `--name=VALUE`. */
export function optionValues(args: readonly string[], name: string): readonly string[] {
  return read(args).options.flatMap(([found, value]) =>
    found === name && value !== undefined ? [value] : []
  );
}

/** The value of an option, the last one where there are several. */
export function optionValue(args: readonly string[], name: string): string | undefined {
  return optionValues(args, name).at(-1);
}

/** Whether an option without a value is given. */
export function hasOption(args: readonly string[], name: string): boolean {
  return read(args).options.some(([found, value]) => found === name && value === undefined);
}
