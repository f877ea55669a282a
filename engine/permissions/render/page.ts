import { printable } from "../../document/printable.ts";
import { cells, wrap } from "../../document/fold.ts";

/** Lines of at most so many cells. Nothing is cut: what is longer goes on, indented, below. */
export class Page {
  readonly #lines: string[] = [];
  constructor(private readonly columns: number) {}

  blank(): void {
    this.#lines.push("");
  }

  /**
   * A text behind a head, such as a label; what does not fit stands below the text. There is no
   * break at a no-break space, which is shown as a plain one.
   *
   * @param head already as wide as it is to be
   */
  put(head: string, text: string): void {
    const indent = " ".repeat(cells(head));
    for (const [index, line] of wrap(this.columns - indent.length, printable(text)).entries()) {
      const whole = `${index === 0 ? head : indent}${line}`;
      this.#lines.push(whole.replaceAll("\u00a0", " ").trimEnd());
    }
  }

  text(): string {
    return `${this.#lines.join("\n")}\n`;
  }
}
