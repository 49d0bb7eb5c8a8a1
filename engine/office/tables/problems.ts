/**
 * The faults of a table. A wrong column has the same fault in each of its rows, so equal faults of one column are one: with
 * the number of rows, and the first few as examples.
 */

/** A fault at a cell; `column` is the heading, absent when the fault concerns the whole row or file. */
export interface TableProblem {
  /** As the spreadsheet shows it; the first row that has the fault. */
  readonly row: number;
  readonly column?: string;
  readonly message: string;
  readonly found?: string;
  readonly expected?: string;
  readonly suggestion?: string;
  /** How many rows have the fault; left out: one. */
  readonly count?: number;
  /** The first rows that have it, and what is found there; left out: there is one. */
  readonly examples?: readonly { readonly row: number; readonly found?: string }[];
}

const EXAMPLES_MAX = 3;
/** People read no more at once. */
const PROBLEMS_MAX = 100;

/** Collects faults, and joins those that are alike. */
export class ProblemList {
  readonly #alike = new Map<string, TableProblem>();
  #omitted = 0;

  /** Faults of one column with the same message are alike. */
  add(problem: TableProblem): void {
    const key = JSON.stringify([problem.column, problem.message]);
    const before = this.#alike.get(key);
    if (before === undefined) {
      if (this.#alike.size < PROBLEMS_MAX) this.#alike.set(key, problem);
      else this.#omitted += 1;
      return;
    }
    const examples = before.examples ?? [exampleOf(before)];
    this.#alike.set(key, {
      ...before,
      count: (before.count ?? 1) + 1,
      examples: examples.length < EXAMPLES_MAX ? [...examples, exampleOf(problem)] : examples,
    });
  }

  get hasAny(): boolean {
    return this.#alike.size > 0;
  }

  /** In the order of the rows. */
  all(): readonly TableProblem[] {
    const all = [...this.#alike.values()].sort((a, b) => a.row - b.row);
    if (this.#omitted === 0) return all;
    return [...all, { row: all.at(-1)?.row ?? 1, message: `and ${this.#omitted} more faults` }];
  }
}

function exampleOf({ row, found }: TableProblem): { row: number; found?: string } {
  return found === undefined ? { row } : { row, found };
}
