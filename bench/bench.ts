/** What a bench is: it takes its own arguments, says what it is doing, and returns figures or why there are none. */

export interface Figures {
  /** For people. */
  readonly lines: readonly string[];
  /** For programs: one object. */
  readonly json: object;
}

/** Not measured is not fast: whoever runs it is told loudly. */
export interface Skipped {
  readonly skipped: string;
}

export type BenchResult = Figures | Skipped;

/** @param say progress, one line at a time */
export type Bench = (args: readonly string[], say: (line: string) => void) => Promise<BenchResult>;
