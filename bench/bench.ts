/** The types of a benchmark: it reads its arguments, reports progress, and returns figures or why there are none. */
import type { Plot } from "./page/plot.js";

/** Figures for people; the first row is the heading. */
export interface Table {
  readonly heads: readonly string[];
  readonly rows: ReadonlyArray<readonly string[]>;
}

export interface Figures {
  /** The version of the switch; left out: none was measured. */
  readonly switchVersion?: string;
  /** Tables, and sentences about them, in the order in which they are read. */
  readonly parts: ReadonlyArray<string | Table>;
  readonly plots?: readonly Plot[];
  /** The same figures for programs. */
  readonly json: object;
}

/** Says loudly that nothing was measured: no figures must not pass for good figures. */
export interface Skipped {
  readonly skipped: string;
}

export type BenchResult = Figures | Skipped;

/** @param say progress, one line at a time */
export type Bench = (args: readonly string[], say: (line: string) => void) => Promise<BenchResult>;
