/**
 * Decides when the link nudges the switch (`TcpLink.nudging`): while a person waits for a call's next event, and a moment
 * longer, because another call is likely to follow.
 */
import type { Clock, TimerHandle } from "../clock.js";

/**
 * How long nudging goes on after the last call that waited. Calls that follow within it are seen at once when they
 * park; a caller who comes later waits 10 ms longer on average, which nobody hears.
 */
export const LINGER_MS = 1_000;

export class Nudging {
  readonly #clock: Clock;
  readonly #turn: (on: boolean) => void;
  readonly #waiting = new Set<string>();
  #lingers: TimerHandle | undefined;

  constructor(clock: Clock, turn: (on: boolean) => void) {
    this.#clock = clock;
    this.#turn = turn;
  }

  /** Sets whether a person waits for the call's next event. */
  set(callId: string, waits: boolean): void {
    const before = this.#waiting.size;
    if (waits) this.#waiting.add(callId);
    else this.#waiting.delete(callId);
    if (before === 0 && this.#waiting.size > 0) this.#begin();
    else if (before > 0 && this.#waiting.size === 0) this.#linger();
  }

  #begin(): void {
    if (this.#lingers === undefined) this.#turn(true);
    else this.#clock.cancel(this.#lingers);
    this.#lingers = undefined;
  }

  #linger(): void {
    this.#lingers = this.#clock.after(LINGER_MS, () => {
      this.#lingers = undefined;
      this.#turn(false);
    });
  }
}
