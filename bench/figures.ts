/** Medians, percentiles and spreads of figures, and tables that show them. */
import type { Table } from "./bench.js";

/** The value below which `part` (0 to 1) of the values lie; NaN without values. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(part * sorted.length) - 1] ?? sorted[0] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** Rounded to `digits` behind the point. */
export function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}

/** `12.3 (11.9 to 13.0)`: the median of several rounds and their spread; of one round, its figure. */
export function spread(rounds: readonly number[], digits = 1): string {
  if (rounds.length === 1) return median(rounds).toFixed(digits);
  const low = Math.min(...rounds).toFixed(digits);
  const high = Math.max(...rounds).toFixed(digits);
  return `${median(rounds).toFixed(digits)} (${low} to ${high})`;
}

/** Columns as wide as their widest cell. */
export function tableText({ heads, rows: body }: Table): string {
  const rows = [heads, ...body];
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("   ")
      .trimEnd();
  return [line(heads), widths.map((width) => "-".repeat(width)).join("   "), ...body.map(line)].join("\n");
}
