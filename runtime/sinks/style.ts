export type Style = "good" | "bad" | "careful" | "quiet" | "strong";

const codes: Readonly<Record<Style, string>> = {
  good: "32",
  bad: "31;1",
  careful: "33",
  quiet: "2",
  strong: "1",
};

/** Dresses a text for a terminal; leaves it as it is where no colour is wanted. */
export function styled(color: boolean): (style: Style, text: string) => string {
  return (style, text) => color && text !== "" ? `\x1b[${codes[style]}m${text}\x1b[0m` : text;
}
