/** The type of a benchmark: it reads its arguments, reports progress, and returns figures or why there are none. */

export interface Figures {
  /** As text for people. */
  readonly lines: readonly string[];
  /** As one object for programs. */
  readonly json: object;
}

/** Says loudly that nothing was measured: no figures must not pass for good figures. */
export interface Skipped {
  readonly skipped: string;
}

export type BenchResult = Figures | Skipped;

/** @param say progress, one line at a time */
export type Bench = (args: readonly string[], say: (line: string) => void) => Promise<BenchResult>;
