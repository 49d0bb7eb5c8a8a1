/**
 * The engine's load as the live feed tells it once a second. Calls are counted at all times; the rest is measured only
 * while somebody reads.
 */
import type { Clock, TimerHandle } from "../clock.js";
import * as commands from "../switch/commands.js";
import type { SwitchLink } from "../switch/wire.js";

/** The rate of calls is that of so many whole seconds. */
const SECONDS = 10;

/** Counts what happened within the last seconds, at the cost of an addition. */
export class RateOfCalls {
  readonly #counts = new Array<number>(SECONDS).fill(0);
  #second = 0;

  constructor(private readonly clock: Pick<Clock, "nowMs">) {}

  count(): void {
    const index = this.#turn() % SECONDS;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
  }

  /** A second, over the last {@link SECONDS} and the one that has begun. */
  get perSecond(): number {
    this.#turn();
    return this.#counts.reduce((sum, count) => sum + count, 0) / SECONDS;
  }

  /** Forgets the seconds that are too long ago; returns the present one. */
  #turn(): number {
    const now = Math.floor(this.clock.nowMs() / 1000);
    // A clock that was set back keeps the counts until it has caught up.
    for (let second = Math.max(this.#second + 1, now - SECONDS + 1); second <= now; second++)
      this.#counts[second % SECONDS] = 0;
    this.#second = Math.max(this.#second, now);
    return this.#second;
  }
}

/** The time that the process has used, in milliseconds, and its memory. */
export interface ProcessUse {
  cpuMs(): number;
  memoryBytes(): number;
}

export const thisProcessUse: ProcessUse = {
  cpuMs: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  memoryBytes: () => process.memoryUsage.rss(),
};

export interface Measured {
  readonly cpuPercent: number | null;
  readonly loopLagMs: number | null;
  readonly switchLagMs: number | null;
}

/** How often a timer of our own is looked at for being late. */
const SAMPLE_MS = 50;

export interface MeterDeps {
  readonly link: Pick<SwitchLink, "send">;
  readonly clock: Clock;
  readonly use: ProcessUse;
}

/** Measures between {@link begin} and {@link end}. */
export class Meter {
  readonly #deps: MeterDeps;
  #timer: TimerHandle | undefined;
  #dueMs = 0;
  #lateMs: number | null = null;
  #usedMs = 0;
  #sinceMs = 0;
  /** When the command was sent whose reply is awaited; null: none is. */
  #sentMs: number | null = null;
  #tookMs: number | null = null;

  constructor(deps: MeterDeps) {
    this.#deps = deps;
  }

  begin(): void {
    const { clock, use } = this.#deps;
    this.#usedMs = use.cpuMs();
    this.#sinceMs = clock.nowMs();
    this.#sampleLater();
  }

  end(): void {
    if (this.#timer !== undefined) this.#deps.clock.cancel(this.#timer);
    this.#timer = undefined;
    this.linkDown();
    this.#lateMs = null;
  }

  /** The connection is gone: what was measured says nothing about the next one. */
  linkDown(): void {
    this.#sentMs = null;
    this.#tookMs = null;
  }

  /** What was found since it was taken last. */
  take(isConnected: boolean): Measured {
    const { clock, use } = this.#deps;
    const nowMs = clock.nowMs();
    const [usedMs, passedMs] = [use.cpuMs(), nowMs - this.#sinceMs];
    const cpuPercent =
      passedMs < SAMPLE_MS ? null : Math.round((1000 * (usedMs - this.#usedMs)) / passedMs) / 10;
    const loopLagMs = this.#lateMs;
    const waitsMs = this.#sentMs === null ? 0 : nowMs - this.#sentMs;
    const switchLagMs = this.#tookMs === null && waitsMs === 0 ? null : Math.max(this.#tookMs ?? 0, waitsMs);
    [this.#usedMs, this.#sinceMs, this.#lateMs] = [usedMs, nowMs, null];
    if (isConnected && this.#sentMs === null) this.#ask();
    return { cpuPercent, loopLagMs, switchLagMs };
  }

  #ask(): void {
    const { link, clock } = this.#deps;
    const sentMs = clock.nowMs();
    this.#sentMs = sentMs;
    link.send(commands.uptime(), () => {
      // The connection has gone meanwhile, or nobody read for a while.
      if (this.#sentMs !== sentMs) return;
      this.#sentMs = null;
      this.#tookMs = clock.nowMs() - sentMs;
    });
  }

  #sampleLater(): void {
    const { clock } = this.#deps;
    this.#dueMs = clock.nowMs() + SAMPLE_MS;
    this.#timer = clock.after(SAMPLE_MS, () => {
      this.#lateMs = Math.max(this.#lateMs ?? 0, clock.nowMs() - this.#dueMs);
      this.#sampleLater();
    });
  }
}
