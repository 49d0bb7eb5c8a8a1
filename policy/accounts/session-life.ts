/** How long a browser stays signed in. */

export interface SessionLimits {
  /** It was not used for so long. */
  readonly idleMs: number;
  /** Since the sign-in, however much it is used. */
  readonly wholeMs: number;
}

/** A working day with a long break, and a month. */
export const SESSION_LIMITS: SessionLimits = { idleMs: 12 * 3_600_000, wholeMs: 30 * 86_400_000 };

/** Times of a session, milliseconds since the epoch. */
export interface SessionTimes {
  readonly madeMs: number;
  readonly usedMs: number;
}

/** When a session ends unless it is used before. */
export function sessionEndMs({ madeMs, usedMs }: SessionTimes, { idleMs, wholeMs }: SessionLimits): number {
  return Math.min(madeMs + wholeMs, usedMs + idleMs);
}

/** Uses within this time are not written down: each request would be a write. */
const USE_NOTED_MS = 60_000;

/** Whether the time of a session's last use is to be written. A clock that was set back shows an earlier time. */
export function isUseWorthNoting(usedMs: number, nowMs: number): boolean {
  return Math.abs(nowMs - usedMs) >= USE_NOTED_MS;
}

/** What gives or takes away rights of an account needs a person who showed a short while ago that it is them. */
const CONFIRMED_MS = 15 * 60_000;

/** Whether the person showed that it is them so lately that nobody else sits at their browser. */
export function isConfirmed(confirmedMs: number, nowMs: number): boolean {
  return nowMs - confirmedMs < CONFIRMED_MS;
}
