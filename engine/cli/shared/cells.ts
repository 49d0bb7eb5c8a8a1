/**
 * How wide a text is on a terminal, and cutting and filling it to a width. Letters of East Asia and most emoji take two
 * cells, marks that combine with a letter none (UAX 11). A name that looks wider than it counts must not push a table apart.
 */
import { printable } from "../../../policy/text.js";

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const PLAIN = /^[\x20-\x7e]*$/;
const MARK = /\p{M}/u;

function cellsOf(letter: string): number {
  if (MARK.test(letter)) return 0;
  return WIDE.test(letter) ? 2 : 1;
}

export function cells(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const letter of text) width += cellsOf(letter);
  return width;
}

/** More marks than this on one letter are left out: they would be drawn over the lines around. */
const MARKS_MAX = 2;

/** The text in exactly so many cells: cut with `…`, or filled with spaces. Control characters are shown as such. */
export function inCells(text: string, width: number): string {
  const shown = printable(text);
  if (PLAIN.test(shown) && shown.length <= width) return shown.padEnd(width);
  if (width <= 0) return "";
  const cut = cells(shown) <= width ? taken(shown, width) : `${taken(shown, width - 1)}…`;
  return cut + " ".repeat(Math.max(0, width - cells(cut)));
}

/** As much of the beginning as fits. */
function taken(text: string, width: number): string {
  let [got, left, marks] = ["", width, 0];
  for (const letter of text) {
    const wide = cellsOf(letter);
    marks = wide === 0 ? marks + 1 : 0;
    if (wide > left) break;
    if (marks > MARKS_MAX) continue;
    got += letter;
    left -= wide;
  }
  return got;
}
