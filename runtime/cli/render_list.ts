import { stringify } from "yaml";
import { displayWidth, printable } from "../../engine/document/display_width.ts";
import type { Json, JsonObject } from "../../engine/json.ts";

export type ListFormat = "table" | "json" | "yaml";

/** A column of a table: its title, and what a row has there. */
export type Column<Row> = readonly [title: string, cell: (row: Row) => string];

/**
 * A list as a table for people, or as JSON or YAML of the form `{schemaVersion: 1, <name>: rows}`.
 */
export function renderList<Row extends JsonObject>(
  format: ListFormat,
  name: string,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): string {
  const value: Json = { schemaVersion: 1, [name]: rows };
  if (format === "json") return JSON.stringify(value, null, 2) + "\n";
  if (format === "yaml") return stringify(value, { version: "1.2", lineWidth: 0 });
  const cells = [
    columns.map(([title]) => title),
    ...rows.map((row) => columns.map(([, cell]) => printable(cell(row)))),
  ];
  const widths = columns.map((_, n) =>
    cells.reduce((most, line) => Math.max(most, width(line[n]!)), 0)
  );
  return cells.map((line) =>
    line.map((text, n) => text + " ".repeat(widths[n]! - width(text))).join("  ").trimEnd() + "\n"
  ).join("");
}

function width(text: string): number {
  return [...text].reduce((sum, character) => sum + displayWidth(character), 0);
}
