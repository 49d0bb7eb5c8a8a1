/**
 * Keeps records while an engine runs: reads its journal and those of earlier engines, and in between deletes and anonymises
 * what is due. Runs in the recorder's thread (`recorder-thread.ts`); tests run it without one.
 */
import type { Logger } from "pino";
import { recordKeeping } from "../../policy/office/record-keeping.js";
import type { Store } from "../../storage/store.js";
import type { Clock, TimerHandle } from "../clock.js";
import type { RecordConsumer } from "./consumers.js";
import { Ingest } from "./ingest.js";

/**
 * How often the journal is looked at: a call in progress is written again each time when something has happened in it, and
 * that is most of what records cost. `hasten`: while somebody waits for what happens. `hurry`: for a call for help.
 */
const LOOK_MS = { usual: 1_000, hasten: 250, hurry: 25 } as const;
/** How long a call for help is looked for: it is in the journal by then. */
const HURRY_MS = 500;
/** Between two transactions: in this time the engine writes what it has to. */
const BREATH_MS = 5;
/** The wait after a failure, which doubles. */
const AGAIN_MS = { first: 200, max: 10_000 } as const;
/** How often calls are looked for that are to be deleted or anonymised. */
const SWEEP_MS = 60_000;
/** Calls of one transaction; the engine waits for it when it writes. */
const SWEPT_MAX = { deleted: 10, anonymised: 6, audited: 500 } as const;
/** Between two of these transactions. */
const SWEEP_BREATH_MS = 40;
const DAY_MS = 86_400_000;

const SAID = {
  read: {
    failed: "calls cannot be recorded now; nothing is lost, and it is tried again",
    again: "calls are recorded again",
  },
  sweep: {
    failed: "old records cannot be deleted or anonymised now; it is tried again",
    again: "old records are deleted and anonymised again",
  },
} as const;

/** What the thread says of itself, for metrics and for the engine's questions. */
export interface RecordingState {
  readonly happenings: number;
  readonly calls: number;
  /** Lines that could not be read. */
  readonly unreadable: number;
  /** Attempts that failed; what they were to write waits in the journals. */
  readonly failures: number;
  readonly deleted: number;
  readonly anonymised: number;
  /** When everything was read last: milliseconds since the epoch; 0: not yet. */
  readonly caughtUpMs: number;
}

export interface RecordingDeps {
  readonly store: Store;
  /** The folder of the journals. */
  readonly folder: string;
  /** See `IngestDeps`. */
  readonly sinceMs: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly consumers: readonly RecordConsumer[];
}

export class Recording {
  readonly #deps: RecordingDeps;
  readonly #ingest: Ingest;
  #counts = { failures: 0, deleted: 0, anonymised: 0, caughtUpMs: 0 };
  #isFinishing = false;
  #untilMs = 0;
  #isStopping = false;
  /** A sweep that succeeds does not say that calls are recorded again. */
  readonly #failedInARow = { read: 0, sweep: 0 };
  #nextSweepMs = 0;
  #hurryUntilMs = 0;
  #wake: (() => void) | undefined;
  #caughtUp: (() => void)[] = [];

  constructor(deps: RecordingDeps) {
    this.#deps = deps;
    this.#ingest = new Ingest({
      ...deps,
      isOver: (startMs) => this.#isFinishing && startMs <= this.#untilMs,
    });
  }

  get state(): RecordingState {
    const { happenings, calls, unreadable, failures } = this.#ingest.figures;
    return { ...this.#counts, happenings, calls, unreadable, failures: failures + this.#counts.failures };
  }

  /** Resolves after {@link finish}, when everything is read. */
  async run(): Promise<void> {
    while (!this.#isStopping) {
      const hadSome = await this.#tried("read", () => this.#ingest.step());
      if (hadSome === false) {
        this.#isCaughtUp();
        if (this.#isFinishing) break;
      }
      const swept = hadSome === false ? await this.#tried("sweep", () => this.#sweep()) : 0;
      await this.#pause(hadSome === true ? BREATH_MS : (swept ?? 0) > 0 ? SWEEP_BREATH_MS : this.#lookMs());
    }
    for (const consumer of this.#deps.consumers) await consumer.close?.();
  }

  /**
   * The engine writes no more: the rest is read, and `run` ends.
   * @param untilMs the time in the name of its last journal; later ones are the next engine's, which writes them already
   */
  finish(untilMs: number): void {
    this.#untilMs = untilMs;
    this.#isFinishing = true;
    this.#wake?.();
  }

  /** Something that cannot wait is about to be in the journal. */
  hurry(): void {
    this.#hurryUntilMs = this.#deps.clock.nowMs() + HURRY_MS;
    this.#wake?.();
  }

  #lookMs(): number {
    if (this.#deps.clock.nowMs() < this.#hurryUntilMs) return LOOK_MS.hurry;
    return this.#deps.consumers.some((consumer) => consumer.isHasty?.() === true)
      ? LOOK_MS.hasten
      : LOOK_MS.usual;
  }

  /** What is under way is done, and `run` ends; the rest waits for the next engine. */
  stop(): void {
    this.#isStopping = true;
    this.#wake?.();
  }

  /**
   * The calls no end is known of, once all journals have been read up to now. Calls that go on in this engine are among
   * them.
   */
  async unfinished(): Promise<string[]> {
    await new Promise<void>((resolve) => {
      this.#caughtUp.push(resolve);
      this.#wake?.();
    });
    return this.#deps.store.records.unfinished();
  }

  #isCaughtUp(): void {
    this.#counts.caughtUpMs = this.#deps.clock.nowMs();
    for (const resolve of this.#caughtUp.splice(0)) resolve();
  }

  /** Undefined: it has failed; then the next attempt waits longer. */
  async #tried<T>(kind: keyof typeof SAID, work: () => Promise<T>): Promise<T | undefined> {
    const failed = this.#failedInARow;
    try {
      const result = await work();
      if (failed[kind] > 0) this.#deps.log.info(SAID[kind].again);
      failed[kind] = 0;
      return result;
    } catch (error) {
      this.#counts.failures += 1;
      failed[kind] += 1;
      if (failed[kind] === 1) this.#deps.log.error({ err: error }, SAID[kind].failed);
      // Reading does not wait longer for a sweep.
      const doublings = kind === "read" ? Math.min(failed[kind], 10) : 0;
      await this.#pause(Math.min(AGAIN_MS.max, AGAIN_MS.first * 2 ** doublings));
      return undefined;
    }
  }

  /** One step of what is due. @returns how many calls it has changed: more may be due at once */
  async #sweep(): Promise<number> {
    const { clock, store } = this.#deps;
    const nowMs = clock.nowMs();
    if (nowMs < this.#nextSweepMs && this.#nextSweepMs - nowMs <= SWEEP_MS) return 0;
    const { keepDays, anonymiseDays, auditDays } = recordKeeping((await store.settings()) ?? {});
    const deleted =
      keepDays === null
        ? 0
        : await store.recordTables.deleteOld(nowMs - keepDays * DAY_MS, SWEPT_MAX.deleted);
    this.#counts.deleted += deleted;
    if (deleted > 0) return deleted;
    const anonymised =
      anonymiseDays === null
        ? 0
        : await store.recordTables.anonymiseOld(nowMs - anonymiseDays * DAY_MS, SWEPT_MAX.anonymised);
    this.#counts.anonymised += anonymised;
    if (anonymised > 0) return anonymised;
    const forgotten =
      auditDays === null ? 0 : await store.audit.deleteOld(nowMs - auditDays * DAY_MS, SWEPT_MAX.audited);
    if (forgotten === 0) this.#nextSweepMs = nowMs + SWEEP_MS;
    return forgotten;
  }

  /** A wait that {@link finish} ends. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer: TimerHandle = this.#deps.clock.after(ms, () => {
        this.#wake = undefined;
        resolve();
      });
      this.#wake = () => {
        this.#deps.clock.cancel(timer);
        this.#wake = undefined;
        resolve();
      };
    });
  }
}
