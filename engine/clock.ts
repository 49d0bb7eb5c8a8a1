/**
 * The one clock of the engine: every time and every timer comes from here, so that tests and the
 * simulator can put a virtual one in its place and run days of calls in seconds.
 */

/** An armed timer; give it back to {@link Clock.cancel}. */
export type TimerHandle = { readonly id: unknown };

/** Time and timers. All values are milliseconds. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
  /** Runs `fire` once, `delayMs` (0 or more) from now. */
  after(delayMs: number, fire: () => void): TimerHandle;
  /** Cancels a timer; one that has fired or was cancelled is ignored. */
  cancel(timer: TimerHandle): void;
}

/** The machine's clock. Its timers keep the process alive, as sockets do. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after: (delayMs, fire) => ({ id: setTimeout(fire, delayMs) }),
  cancel: (timer) => clearTimeout(timer.id as NodeJS.Timeout),
};

/**
 * Milliseconds with their fractions from a fixed but unknown moment: for measurements only, never for deadlines.
 * @internal Only the measurements in `bench` use it.
 */
export function stopwatchMs(): number {
  return performance.now();
}
