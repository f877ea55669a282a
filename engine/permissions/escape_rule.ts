import type { Element } from "./element.ts";

/** How a program is judged. A clause goes on from the program's name: `tar` "runs what …". */
export type EscapeRule =
  /** Arbitrary code, whatever its arguments are. */
  | { readonly kind: "code"; readonly reason: string }
  /** No option of it runs or writes anything: any arguments will do. */
  | { readonly kind: "plain"; readonly reason: string }
  | OptionRule;

/** Limited where its options and operands are settled; `reason` says what it then does. */
export interface OptionRule {
  readonly kind: "options";
  readonly reason: string;
  /**
   * The options that somebody has looked at and found harmless, separated by blanks: `-s`, `--force`,
   * with a colon (`-t:`) where a value follows. Any other option is none of these.
   */
  readonly known: string;
  /** Options that run code or lead to it, each with its clause. */
  readonly code?: Readonly<Record<string, string>>;
  /** `words`: `-keyform`, not a bundle of letters. `anywhere`: `--` does not end them, either. */
  readonly style?: "words" | "anywhere";
  /** What the options and operands make of it: a clause where they lead to arbitrary code. */
  judge?(read: ReadArguments): string | undefined;
}

/** Arguments of a shape, told apart. */
export interface ReadArguments {
  /** Names of the options, as they are spelled, without their values. */
  readonly options: readonly string[];
  /** Values of options, as `--name=value`, `-nvalue` or the argument after. */
  readonly values: ReadonlyMap<string, readonly Element[]>;
  /** All the others; the last is `{ prefix: "" }` where any number may follow. */
  readonly operands: readonly Element[];
  /** Whether the first argument is an operand. */
  readonly operandFirst: boolean;
}
