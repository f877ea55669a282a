import { message, type Suggestion, type ValueParser, type ValueParserResult } from "@optique/core";

/** A path, as it was given; a shell completes it with files of these endings (and folders). */
export function file(metavar: string, extensions: readonly string[]): ValueParser<"sync", string> {
  return {
    mode: "sync",
    metavar: metavar as `${string}`,
    placeholder: "file",
    parse: (input) =>
      input === ""
        ? { success: false, error: message`a path cannot be empty` }
        : { success: true, value: input },
    format: (value) => value,
    suggest: (prefix): Iterable<Suggestion> => [
      { kind: "file", type: "any", pattern: prefix, extensions },
    ],
  } as ValueParser<"sync", string>;
}

/** `name=value`; the value may hold further `=`. */
export function assignment(): ValueParser<"sync", readonly [name: string, value: string]> {
  return {
    mode: "sync",
    metavar: "NAME=VALUE",
    placeholder: ["name", "value"],
    parse(input): ValueParserResult<readonly [string, string]> {
      const at = input.indexOf("=");
      return at < 1
        ? { success: false, error: message`${input} is not NAME=VALUE, for example root=/opt/atp` }
        : { success: true, value: [input.slice(0, at), input.slice(at + 1)] };
    },
    format: ([name, value]) => `${name}=${value}`,
  };
}

/** The SHA-256 of a line, as `sluice log verify` prints it or as `sha256sum` does; in hex. */
export function lineHash(): ValueParser<"sync", string> {
  return {
    mode: "sync",
    metavar: "HASH",
    placeholder: "sha256:",
    parse: (input) => {
      const [, hex] = /^(?:sha256:)?([0-9a-f]{64})$/.exec(input) ?? [];
      return hex === undefined
        ? {
          success: false,
          error: message`${input} is not sha256: and 64 digits, as sluice log verify prints it`,
        }
        : { success: true, value: hex };
    },
    format: (value) => `sha256:${value}`,
  };
}

/** `sha256:` and 64 hexadecimal digits. */
export function digest(): ValueParser<"sync", string> {
  return {
    mode: "sync",
    metavar: "sha256:SET",
    placeholder: "sha256:",
    parse: (input) =>
      /^sha256:[0-9a-f]{64}$/.test(input) ? { success: true, value: input } : {
        success: false,
        error: message`${input} is not sha256: and 64 digits, as sluice plan prints it`,
      },
    format: (value) => value,
  };
}
