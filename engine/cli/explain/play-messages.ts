/** What the web server and the thread that plays calls say to each other. */
import type { Answered, Asked } from "./asked.js";

export interface PlayThreadData {
  /** Of the database. */
  readonly path: string;
}

export interface PlayAsked {
  readonly id: number;
  readonly asked: Asked;
  readonly nowMs: number;
}

export interface PlayAnswered {
  readonly id: number;
  readonly answered: Answered;
}
