/**
 * When the switch is asked to be quick (see `nudging` of the link): while a call waits for something that
 * somebody else waits for too, and a moment longer, as where there was one call another is likely.
 */
import type { Clock, TimerHandle } from "../clock.js";

/**
 * How long after the last call that waited. Calls that come closer together than this are seen at once when they
 * park; a caller after a pause waits 10 ms longer in the middle, which nobody hears.
 */
export const LINGER_MS = 1_000;

export class Attention {
  readonly #clock: Clock;
  readonly #nudging: (on: boolean) => void;
  readonly #waiting = new Set<string>();
  #lingers: TimerHandle | undefined;

  constructor(clock: Clock, nudging: (on: boolean) => void) {
    this.#clock = clock;
    this.#nudging = nudging;
  }

  /** Says of a call whether it waits now. */
  set(callId: string, waits: boolean): void {
    const before = this.#waiting.size;
    if (waits) this.#waiting.add(callId);
    else this.#waiting.delete(callId);
    if (before === 0 && this.#waiting.size > 0) this.#begin();
    else if (before > 0 && this.#waiting.size === 0) this.#linger();
  }

  #begin(): void {
    if (this.#lingers === undefined) this.#nudging(true);
    else this.#clock.cancel(this.#lingers);
    this.#lingers = undefined;
  }

  #linger(): void {
    this.#lingers = this.#clock.after(LINGER_MS, () => {
      this.#lingers = undefined;
      this.#nudging(false);
    });
  }
}
