/** A table as it stands in a file: rows of texts, with the row numbers that a spreadsheet shows. */

/** One row; `row` counts from 1. */
export interface GridRow {
  readonly row: number;
  readonly cells: readonly string[];
}

/** What a spreadsheet made of a cell, so that its text is not what a person meant. */
export type Damage = "date" | "error" | "formula" | "exponent" | "broken_letters";

export interface Grid {
  /** The sheet's name; undefined: the file has no sheets. */
  readonly sheet?: string;
  readonly rows: readonly GridRow[];
  /** Damage that the texts do not show, by {@link placeOf}. */
  readonly damaged?: ReadonlyMap<string, Damage>;
}

/** Why a file is no table. */
export interface NoGrid {
  readonly ok: false;
  readonly row: number;
  readonly reason: string;
  readonly found?: string;
  readonly expected?: string;
}

export type GridsRead = { readonly ok: true; readonly grids: readonly Grid[] } | NoGrid;

/** Nobody keeps more people or numbers in one table; the limits bound what a hostile file can cost. */
export const ROWS_MAX = 200_000;
export const COLUMNS_MAX = 256;
/** No name, number or list of groups is longer. In a CSV file a longer cell means that a quote was not closed. */
export const CELL_MAX_CHARS = 10_000;

/** @param column counts from 0 */
export function placeOf(row: number, column: number): string {
  return `${row} ${column}`;
}

/** The letters with which a spreadsheet names a column: 0 is A, 26 is AA. */
export function columnLetters(column: number): string {
  const before = Math.floor(column / 26);
  const letter = String.fromCharCode(65 + (column % 26));
  return before === 0 ? letter : `${columnLetters(before - 1)}${letter}`;
}

/** Invisible characters that come with copied numbers and names: marks of direction, joiners, byte order marks. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** A cell's text without what nobody sees: spaces around it, line breaks as spaces are left to the reader. */
export function cleanText(text: string): string {
  return text.replace(INVISIBLE, "").replaceAll("\u00a0", " ").trim();
}
