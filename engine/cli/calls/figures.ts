/** How figures of calls are written: right-aligned tables, lengths of time, shares. */
import { columns } from "../shared/columns.js";

/** Rows as lines; all cells but those of the first columns are figures, whose ends stand below each other. */
export function figureTable(rows: ReadonlyArray<readonly string[]>, textColumns: number): string {
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  return columns(
    rows.map((row) =>
      row.map((cell, index) => (index < textColumns ? cell : cell.padStart(widths[index] ?? 0))),
    ),
  );
}

/** `3:05`, `1:00:07`: minutes and seconds, with hours where there are some. */
export function lengthText(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  return hours === 0 ? `${minutes}:${two(seconds % 60)}` : `${hours}:${two(minutes)}:${two(seconds % 60)}`;
}

/** A share in percent, rounded down: 100 % is said of all only. `-`: of nothing. */
export function shareText(part: number, whole: number): string {
  return whole === 0 ? "-" : `${Math.floor((part * 100) / whole)} %`;
}
