/**
 * Finds out that more calls arrive than are carried in time, so that new ones are refused meanwhile. A caller who is refused
 * at once can be sent another way by the carrier; a caller who is taken and served seconds late hears nothing for so long,
 * and makes all others later still.
 *
 * The measure is time, not a rate that somebody would have to configure: how late a timer of our own fires, and how long
 * the switch takes to answer the smallest command. The reply comes behind all events that the switch has sent before, so it
 * is as late as the oldest event that waits to be read. Nothing is measured while hardly any calls arrive.
 */
import type { Logger } from "pino";
import type { Clock, TimerHandle } from "../clock.js";
import * as commands from "../switch/commands.js";
import type { SwitchLink } from "../switch/wire.js";

/** Decides whether a new call is refused because too many arrive. */
export interface Admission {
  /** @param mayBeRefused asked only when there are too many calls */
  refuses(callId: string, mayBeRefused: () => boolean): boolean;
}

export interface OverloadFigures {
  /** New calls are refused now. */
  readonly isFull: boolean;
  readonly refused: number;
}

/** The time between two looks. */
export const LOOK_MS = 250;
/**
 * So late is too late: the first phone rings half a second after the call has come in. At a second the switch gives up its
 * questions, and each call costs more (docker/freeswitch/xml_curl).
 */
export const LATE_MS = 400;
/** Less than this is usual: the switch sends events every 20 ms, and a collection of garbage takes some tens. */
export const USUAL_MS = 100;
/** So many looks in a row count, since one alone may be a moment at which the machine stood still. */
export const LOOKS = 2;
/** Calls that are refused again within this time belong to the same overload, of which the log tells once. */
export const OVER_MS = 5_000;

export interface OverloadDeps {
  readonly link: Pick<SwitchLink, "send">;
  readonly clock: Clock;
  readonly log: Logger;
}

export class Overload implements Admission {
  readonly #deps: OverloadDeps;
  #timer: TimerHandle | undefined;
  #dueMs = 0;
  /** New calls since the last look. */
  #arrived = 0;
  /** When the command was sent whose reply is awaited; null: none is. */
  #sentMs: number | null = null;
  /** How long the last reply took. */
  #tookMs = 0;
  #isFull = false;
  /** Looks in a row that found the opposite of `#isFull`. */
  #turning = 0;
  #refused = 0;
  /** The overload of which the log has told the beginning. */
  #told: { readonly sinceMs: number; readonly refusedBefore: number; fullMs: number } | null = null;

  constructor(deps: OverloadDeps) {
    this.#deps = deps;
  }

  get figures(): OverloadFigures {
    return { isFull: this.#isFull, refused: this.#refused };
  }

  refuses(_callId: string, mayBeRefused: () => boolean): boolean {
    this.#arrived += 1;
    if (this.#timer === undefined) this.#lookLater();
    const isRefused = this.#isFull && mayBeRefused();
    if (isRefused) this.#refused += 1;
    return isRefused;
  }

  /** The connection is gone, or the engine ends: what was measured says nothing about what comes. */
  reset(): void {
    if (this.#timer !== undefined) this.#deps.clock.cancel(this.#timer);
    this.#isFull = false;
    this.#rest();
  }

  #rest(): void {
    this.#timer = undefined;
    this.#arrived = 0;
    this.#sentMs = null;
    this.#tookMs = 0;
    this.#turning = 0;
    this.#tellEnd();
  }

  #lookLater(): void {
    const { clock } = this.#deps;
    this.#dueMs = clock.nowMs() + LOOK_MS;
    this.#timer = clock.after(LOOK_MS, () => this.#look());
  }

  #look(): void {
    const nowMs = this.#deps.clock.nowMs();
    // A command that was sent a moment ago says nothing yet: what the last one took still counts.
    const waitsMs = this.#sentMs === null ? 0 : nowMs - this.#sentMs;
    this.#found(Math.max(nowMs - this.#dueMs, this.#tookMs, waitsMs));
    if (this.#isFull && this.#told !== null) this.#told.fullMs = nowMs;
    else if (this.#told !== null && nowMs - this.#told.fullMs >= OVER_MS) this.#tellEnd();
    const isBusy = this.#arrived > 1 || this.#sentMs !== null || this.#told !== null;
    this.#arrived = 0;
    if (!isBusy) {
      this.#rest();
      return;
    }
    if (this.#sentMs === null) this.#ask();
    this.#lookLater();
  }

  #ask(): void {
    const { link, clock } = this.#deps;
    const sentMs = clock.nowMs();
    this.#sentMs = sentMs;
    link.send(commands.uptime(), () => {
      // Reset meanwhile: the reply belongs to an earlier connection.
      if (this.#sentMs !== sentMs) return;
      this.#sentMs = null;
      this.#tookMs = clock.nowMs() - sentMs;
    });
  }

  #found(lateMs: number): void {
    const isOpposite = this.#isFull ? lateMs < USUAL_MS : lateMs >= LATE_MS;
    this.#turning = isOpposite ? this.#turning + 1 : 0;
    if (this.#turning < LOOKS) return;
    this.#turning = 0;
    this.#isFull = !this.#isFull;
    if (this.#isFull) this.#tellBeginning(lateMs);
  }

  #tellBeginning(lateMs: number): void {
    if (this.#told !== null) return;
    const nowMs = this.#deps.clock.nowMs();
    this.#told = { sinceMs: nowMs, fullMs: nowMs, refusedBefore: this.#refused };
    this.#deps.log.warn({ lateMs }, "more calls arrive than are carried in time: new ones are refused");
  }

  #tellEnd(): void {
    if (this.#told === null) return;
    const { sinceMs, fullMs, refusedBefore } = this.#told;
    this.#told = null;
    this.#deps.log.warn(
      { refused: this.#refused - refusedBefore, forMs: fullMs - sinceMs },
      "calls are carried in time again, and no new ones are refused",
    );
  }
}
