/**
 * How long to wait before the next attempt to connect: doubling up to a cap, and never quite the same, so that
 * several controllers do not knock at a switch that has just started all at once.
 */
import type { IdSource } from "../ids.js";

export interface BackoffOptions {
  /** The longest first wait. */
  readonly firstMs: number;
  /** The longest wait of all. */
  readonly maxMs: number;
  readonly ids: IdSource;
}

/** Milliseconds to wait before attempt `attempt` (0 is the first retry): from half to the whole of its step. */
export function backoffMs(attempt: number, options: BackoffOptions): number {
  // 2 ** 30 is beyond every cap, and the multiplication stays finite.
  const stepMs = Math.min(options.maxMs, options.firstMs * 2 ** Math.min(attempt, 30));
  const halfMs = Math.ceil(stepMs / 2);
  return halfMs + options.ids.below(Math.floor(stepMs / 2) + 1);
}
