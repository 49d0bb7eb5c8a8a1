/**
 * Rows of short texts as lines with aligned columns.
 */
import { printable } from "../../../policy/text.js";

/** One line for each row, columns two spaces apart; empty for no rows. */
export function columns(raw: readonly (readonly string[])[]): string {
  // Phones and callers choose their names, which must not control the terminal.
  const rows = raw.map((row) => row.map(printable));
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

/** In characters, the best measure without knowing the terminal's font. */
function width(text: string): number {
  return Array.from(text).length;
}
