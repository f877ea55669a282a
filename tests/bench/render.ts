import type { Compared } from "./compare.ts";

/** A bench with what was found. */
export interface Measured {
  readonly name: string;
  readonly summary: string;
  readonly rounds: number;
  readonly subjects: readonly Compared[];
}

/** What the figures were taken on: they mean little elsewhere, but for the ratios. */
export interface Machine {
  readonly deno: string;
  readonly target: string;
  readonly cores: number;
}

/** Shows a bench as a table of at most 100 columns. */
export function renderTable({ name, summary, rounds, subjects }: Measured): string {
  const heads = ["", "median", "least", "most", "ratio", "(least–most)", "more by"];
  const rows = subjects.map(({ name, time, ratio, more }) => [
    name,
    ...[time.median, time.min, time.max].map(milliseconds),
    ratio === undefined ? "" : times(ratio.median),
    ratio === undefined ? "" : `(${times(ratio.min)}–${times(ratio.max)})`,
    more === undefined ? "" : `${more.median < 0 ? "" : "+"}${milliseconds(more.median)}`,
  ]);
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]!.length))
  );
  const lines = [heads, ...rows].map((row) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)
    ).join("  ").trimEnd()
  );
  return `${name}: ${summary} (${rounds} rounds)\n${lines.join("\n")}\n`;
}

/** All that was measured, with every sample. */
export function renderJson(machine: Machine, benches: readonly Measured[]): string {
  return `${JSON.stringify({ schemaVersion: 1, unit: "ms", machine, benches }, null, 2)}\n`;
}

function milliseconds(ms: number): string {
  return `${ms.toFixed(Math.abs(ms) < 100 ? 1 : 0)} ms`;
}

function times(ratio: number): string {
  return ratio.toFixed(ratio < 10 ? 2 : 0);
}
