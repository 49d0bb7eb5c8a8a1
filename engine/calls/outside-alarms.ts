/**
 * Alarms about calls outside: more in a short time than people place, many that are refused, or most of a day's minutes
 * used. Each is a line in the log at `error` and counts in the metrics. One alarm of a kind about one payer is enough for a
 * while.
 */
import type { Logger } from "pino";
import { OFFICE, type Payer } from "../../policy/outside/payer.js";
import type { Clock } from "../clock.js";

export type AlarmKind = "spike" | "refusals" | "minutes";

/** The time in which calls and refusals are counted, and in which an alarm is not repeated. */
const ALARM_WINDOW_MS = 600_000;
/** Calls outside that one user, or the whole office, begins in that time without an alarm. */
export const SPIKE_CALLS = { user: 20, office: 200 } as const;
/** Refused calls of the whole office in that time without an alarm. */
const REFUSALS_MAX = 10;
/** The share of a day's minutes that may be used without an alarm. */
const MINUTES_SHARE = 0.8;

const MESSAGES: Readonly<Record<AlarmKind, string>> = {
  spike: "ALARM: unusually many calls outside",
  refusals: "ALARM: unusually many calls outside are refused",
  minutes: "ALARM: most of the minutes outside that are allowed in 24 hours are used",
};

/** An alarm, for whoever tells others of it. */
export interface OutsideAlarm {
  readonly kind: AlarmKind;
  readonly payer: Payer;
  readonly atMs: number;
  /** What was counted. */
  readonly figures: Readonly<Record<string, number>>;
}

export class OutsideAlarms {
  readonly counts: Record<AlarmKind, number> = { spike: 0, refusals: 0, minutes: 0 };
  readonly #begun = new Map<Payer, number[]>();
  readonly #refused: number[] = [];
  /** Kind and payer -> when the last alarm was. */
  readonly #raised = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    private readonly log: Logger,
    private readonly onAlarm: (alarm: OutsideAlarm) => void = () => undefined,
  ) {}

  begun(payer: Payer): void {
    for (const who of new Set([payer, OFFICE])) {
      const times = this.#begun.get(who) ?? [];
      this.#begun.set(who, times);
      const count = this.#add(times);
      if (count > (who === OFFICE ? SPIKE_CALLS.office : SPIKE_CALLS.user))
        this.#raise("spike", who, { calls: count });
    }
  }

  refused(): void {
    const count = this.#add(this.#refused);
    if (count > REFUSALS_MAX) this.#raise("refusals", OFFICE, { refused: count });
  }

  /** @param limit the minutes that are allowed */
  used(payer: Payer, minutes: number, limit: number): void {
    if (minutes >= limit * MINUTES_SHARE)
      this.#raise("minutes", payer, { minutes: Math.round(minutes), limit });
  }

  /** Returns how many there were within the window, this one included. */
  #add(times: number[]): number {
    const nowMs = this.clock.nowMs();
    times.push(nowMs);
    while ((times[0] ?? nowMs) <= nowMs - ALARM_WINDOW_MS) times.shift();
    return times.length;
  }

  #raise(kind: AlarmKind, payer: Payer, figures: OutsideAlarm["figures"]): void {
    const nowMs = this.clock.nowMs();
    const key = `${kind} ${payer}`;
    if (nowMs - (this.#raised.get(key) ?? Number.NEGATIVE_INFINITY) < ALARM_WINDOW_MS) return;
    this.#raised.set(key, nowMs);
    this.counts[kind] += 1;
    this.log.error({ payer, ...figures }, MESSAGES[kind]);
    this.onAlarm({ kind, payer, atMs: nowMs, figures });
  }
}
