/**
 * Rows of short texts as lines with aligned columns.
 */

/** Each row a line, columns two spaces apart; empty for no rows. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, width(cell));
  }
  const lines = rows.map((row) =>
    row
      .map((cell, index) => cell + " ".repeat((widths[index] ?? 0) - width(cell)))
      .join("  ")
      .trimEnd(),
  );
  return lines.map((line) => `${line}\n`).join("");
}

/** In characters, as near as it gets without knowing the terminal's font. */
function width(text: string): number {
  return Array.from(text).length;
}
