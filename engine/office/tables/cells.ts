/** One row of a table as its fields, and the faults of its cells. */
import type { z } from "zod";
import { show } from "../../../policy/office-file/problem.js";
import { parseNumber, validReadings } from "../../../policy/routing/number.js";
import { type Damage, type Grid, placeOf } from "./grid.js";
import type { Layout } from "./layout.js";
import type { ProblemList, TableProblem } from "./problems.js";
import { DAMAGE_WORDS, damageOf, saysNone, saysNothing } from "./values.js";

/** How the cells of all rows are read. */
export interface CellRules {
  readonly layout: Layout;
  readonly grid: Grid;
  readonly country: string;
  /** Whether a number is one of the office's. */
  readonly owns: (number: string) => boolean;
  readonly problems: ProblemList;
  /** Digits that may be several numbers, one entry for each column. */
  readonly ambiguous: Map<string, Ambiguous>;
}

/** A column with digits that may be several numbers; the first such cell is the example. */
export interface Ambiguous {
  readonly row: number;
  readonly column: string;
  readonly cell: string;
  readonly number: string;
  readonly others: readonly string[];
  readonly count: number;
}

interface Cell {
  readonly field: string;
  readonly heading: string;
  readonly text: string;
}

/** The cells of one row. A wrong cell is reported when it is read, and then counts as empty. */
export class Cells {
  readonly row: number;
  readonly #rules: CellRules;
  readonly #cells: readonly Cell[];
  readonly #spoilt = new Set<string>();

  constructor(rules: CellRules, row: number, texts: readonly string[]) {
    this.row = row;
    this.#rules = rules;
    this.#cells = rules.layout.columns.flatMap(({ index, heading, field }) => {
      const text = texts[index] ?? "";
      if (saysNothing(text)) return [];
      const damage = rules.grid.damaged?.get(placeOf(row, index)) ?? damageOf(text);
      if (damage !== undefined) {
        this.#damaged(heading, text, damage);
        this.#spoilt.add(field);
        return [];
      }
      return [{ field, heading, text }];
    });
  }

  /** What stands in the column of a field; undefined: nothing, or that there is none. */
  text(field: string): string | undefined {
    const cell = this.#cells.find((each) => each.field === field);
    return cell === undefined || saysNone(cell.text) ? undefined : cell.text;
  }

  /** The texts of all columns that hold a field. */
  texts(field: string): readonly string[] {
    return this.#cells.filter((each) => each.field === field && !saysNone(each.text)).map(({ text }) => text);
  }

  /** Whether the cell says that there is none. */
  isNone(field: string): boolean {
    return this.#cells.some((each) => each.field === field && saysNone(each.text));
  }

  /** Whether a wrong cell of one of these fields was reported. */
  isSpoilt(...fields: readonly string[]): boolean {
    return fields.some((field) => this.#spoilt.has(field));
  }

  /** Whether anything at all stands in the row. */
  get isEmpty(): boolean {
    return this.#cells.length === 0 && this.#spoilt.size === 0;
  }

  fault(field: string, message: string, more: Pick<TableProblem, "found" | "expected" | "suggestion">): void {
    this.#rules.problems.add({ row: this.row, column: this.heading(field), message, ...more });
  }

  /** The heading of the column that holds a field; the field's own name if no column does. */
  heading(field: string): string {
    return this.#rules.layout.columns.find((column) => column.field === field)?.heading ?? field;
  }

  /** A text that the schema accepts. */
  checked(field: string, schema: z.ZodType, text = this.text(field)): string | undefined {
    if (text === undefined) return undefined;
    const result = schema.safeParse(text);
    if (result.success) return text;
    this.fault(field, `this cannot be ${field}`, {
      found: text === "" ? "nothing" : show(text),
      expected: result.error.issues[0]?.message ?? field,
    });
    return undefined;
  }

  /** What a function makes of the text; it returns undefined for a text that is none. */
  read<T>(field: string, read: (text: string) => T | undefined, expected: string): T | undefined {
    const text = this.text(field);
    if (text === undefined) return undefined;
    const value = read(text);
    if (value === undefined) this.fault(field, `this cannot be ${field}`, { found: show(text), expected });
    return value;
  }

  phoneNumber(
    field: string,
    text = this.text(field),
    read = (written: string) => parseNumber(written, this.#rules.country, { owns: this.#rules.owns }),
  ): string | undefined {
    if (text === undefined) return undefined;
    const number = read(withoutTrunkZero(text));
    if (number === undefined) {
      this.fault(field, "this is not a phone number", {
        found: show(text),
        expected: `a number of ${this.#rules.country}, or one with its country code`,
      });
      return undefined;
    }
    this.#noteAmbiguous(field, text, number);
    return number;
  }

  #damaged(column: string, text: string, damage: Damage): void {
    this.#rules.problems.add({ row: this.row, column, ...DAMAGE_WORDS[damage], found: show(text) });
  }

  /** A number of the office is what was meant. */
  #noteAmbiguous(field: string, cell: string, number: string): void {
    const { owns, country, ambiguous } = this.#rules;
    const isBlock = number.includes("..");
    if (isBlock || owns(number)) return;
    const others = validReadings(cell, country).filter((other) => other !== number);
    if (others.length === 0) return;
    const column = this.heading(field);
    const before = ambiguous.get(column) ?? { row: this.row, column, cell, number, others, count: 0 };
    ambiguous.set(column, { ...before, count: before.count + 1 });
  }
}

/** `+49 (0)30 …` has a zero that is dialled only without the country code. */
function withoutTrunkZero(text: string): string {
  return text.replace(/^(\s*(?:\+|00)\s*\d{1,3}[\s./-]*)\(0\)/, "$1");
}

export function ambiguousWarning({ row, column, cell, number, others, count }: Ambiguous): TableProblem {
  const more = count === 1 ? "" : `; so may ${count - 1} more of this column`;
  return {
    row,
    column,
    message: `these digits may be ${number} or ${others.join(" or ")}, and are read as ${number}${more}`,
    found: show(cell),
    expected: "numbers with a plus sign and the country code",
  };
}
