import { stringify } from "yaml";
import { printable } from "../../engine/document/printable.ts";
import { cells, wrap } from "../../engine/document/fold.ts";
import type { Json, JsonObject } from "../../engine/json.ts";

export type ListFormat = "table" | "json" | "yaml";

/** A column of a table: its title, and what a row has there. */
export type Column<Row> = readonly [title: string, cell: (row: Row) => string];

/** With fewer columns left, what stands last in a row stands below it. */
const narrowest = 24;

/**
 * A list as a table for people, or as JSON or YAML of the form `{schemaVersion: 1, <name>: rows}`.
 *
 * @param screen how wide a table may be: what stands last in a row is wrapped to fit
 */
export function renderList<Row extends JsonObject>(
  format: ListFormat,
  name: string,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  screen = Infinity,
): string {
  const value: Json = { schemaVersion: 1, [name]: rows };
  if (format === "json") return JSON.stringify(value, null, 2) + "\n";
  if (format === "yaml") return stringify(value, { version: "1.2", lineWidth: 0 });
  const rowsOfCells = [
    columns.map(([title]) => title),
    ...rows.map((row) => columns.map(([, cell]) => printable(cell(row)))),
  ];
  const widths = columns.map((_, n) =>
    rowsOfCells.reduce((most, line) => Math.max(most, cells(line[n]!)), 0)
  );
  const padded = (line: readonly string[]) =>
    line.map((text, n) => text + " ".repeat(widths[n]! - cells(text))).join("  ");
  const before = widths.slice(0, -1).reduce((sum, each) => sum + each + 2, 0);
  if (before + widths.at(-1)! <= screen) {
    return rowsOfCells.map((line) => padded(line).trimEnd() + "\n").join("");
  }
  const left = screen - before;
  const indent = left < narrowest ? 4 : before;
  return rowsOfCells.map((line) => {
    const lasts = wrap(screen - indent, line.at(-1)!).map((part) => part.trimEnd());
    const start = padded(line.slice(0, -1));
    const [first = "", ...others] = left < narrowest ? ["", ...lasts] : lasts;
    return [`${start}  ${first}`, ...others.map((part) => " ".repeat(indent) + part)]
      .map((each) => each.trimEnd() + "\n").join("");
  }).join("");
}
