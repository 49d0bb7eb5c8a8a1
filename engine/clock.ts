/**
 * The one clock of the engine. Every time and every timer comes from here, so that tests and the simulator can use
 * a virtual clock instead and run days of calls in seconds.
 */

/** An armed timer; give it back to {@link Clock.cancel}. */
export type TimerHandle = { readonly id: unknown };

/** Time and timers. All values are milliseconds. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
  /** Runs `fire` once, `delayMs` (0 or more) from now. */
  after(delayMs: number, fire: () => void): TimerHandle;
  /** Cancels a timer; does nothing if it has fired or was cancelled. */
  cancel(timer: TimerHandle): void;
}

/** The machine's clock. Its timers keep the process alive, as sockets do. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after: (delayMs, fire) => ({ id: setTimeout(fire, delayMs) }),
  cancel: (timer) => clearTimeout(timer.id as NodeJS.Timeout),
};

/**
 * Fractional milliseconds since an arbitrary fixed moment: for measurements, never for deadlines.
 * @internal Only the measurements in `bench` use it.
 */
export function stopwatchMs(): number {
  return performance.now();
}
