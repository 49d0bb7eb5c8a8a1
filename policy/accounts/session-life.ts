/** How long a browser stays signed in, and how many guesses an office stands: what `sign_in` of the office file says. */

export interface SessionLimits {
  /** It was not used for so long. */
  readonly idleMs: number;
  /** Since the sign-in, however much it is used. */
  readonly wholeMs: number;
}

/** A working day with a long break, and a month. */
export const SESSION_LIMITS: SessionLimits = { idleMs: 12 * 3_600_000, wholeMs: 30 * 86_400_000 };

/** What the office says of signing in; what is left out has its default. */
export interface SignInSettings {
  readonly idleHours?: number;
  readonly absoluteDays?: number;
  readonly guessesAnHour?: number;
}

const [HOUR_MS, DAY_MS] = [3_600_000, 86_400_000];

/** The limits that count in an office. */
export function sessionLimits({ signIn = {} }: { readonly signIn?: SignInSettings }): SessionLimits {
  const { idleHours, absoluteDays } = signIn;
  return {
    idleMs: idleHours === undefined ? SESSION_LIMITS.idleMs : idleHours * HOUR_MS,
    wholeMs: absoluteDays === undefined ? SESSION_LIMITS.wholeMs : absoluteDays * DAY_MS,
  };
}

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
