/** How figures of calls are written: right-aligned tables, lengths of time, shares. */
import { cells, inCells } from "../shared/cells.js";

const BETWEEN = "  ";
/** A name is not cut further than this. */
const NAME_MIN = 12;

/** Which columns are texts, and how wide the terminal is. */
export interface TableLook {
  /** The first columns; all others are figures, whose ends stand below each other. */
  readonly texts: number;
  readonly columns: number;
}

/** Rows as lines. Names that are too long for the terminal are cut, figures never. */
export function figureTable(rows: ReadonlyArray<readonly string[]>, { texts, columns }: TableLook): string {
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cells(cell));
  let over = widths.reduce((sum, width) => sum + width, 0) + BETWEEN.length * (widths.length - 1) - columns;
  for (let index = texts - 1; index >= 0 && over > 0; index -= 1) {
    const width = widths[index] ?? 0;
    const cut = Math.min(over, Math.max(0, width - NAME_MIN));
    widths[index] = width - cut;
    over -= cut;
  }
  const lines = rows.map((row) =>
    row
      .map((cell, index) =>
        index < texts ? inCells(cell, widths[index] ?? 0) : cell.padStart(widths[index] ?? 0),
      )
      .join(BETWEEN)
      .trimEnd(),
  );
  return lines.map((line) => `${line}\n`).join("");
}

/** A share in percent, rounded down: 100 % is said of all only. `-`: of nothing. */
export function shareText(part: number, whole: number): string {
  return whole === 0 ? "-" : `${Math.floor((part * 100) / whole)} %`;
}
