/**
 * How long to wait before the next attempt: doubling up to a cap, with jitter, so that several engines do not
 * connect to a restarted switch at the same moment.
 */
import type { IdSource } from "../ids.js";

export interface BackoffOptions {
  /** The upper limit of the first wait. */
  readonly firstMs: number;
  /** The upper limit of every wait. */
  readonly maxMs: number;
  readonly ids: IdSource;
}

/** Milliseconds before attempt `attempt` (0 is the first retry): between half and all of the step of that attempt. */
export function backoffMs(attempt: number, options: BackoffOptions): number {
  // 2 ** 30 is beyond every cap and keeps the product finite.
  const stepMs = Math.min(options.maxMs, options.firstMs * 2 ** Math.min(attempt, 30));
  const halfMs = Math.ceil(stepMs / 2);
  return halfMs + options.ids.below(Math.floor(stepMs / 2) + 1);
}
