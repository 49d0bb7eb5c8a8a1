/**
 * Writes into the database how many calls are in progress, by the revision they began with and by what they are about, for `ringline plan`. Plan
 * and engine share the database already; a socket between them would be one more thing to secure. The counts are
 * written when they change, at most once a second, and repeated while there are calls, so that a reader can tell that
 * the engine is alive. Calls never wait for it.
 */
import type { Logger } from "pino";
import type { CallsAbout, CallsOfRevision, LiveCallsSaid } from "../../storage/live-calls.js";
import type { Store } from "../../storage/store.js";
import type { Call } from "../calls/call.js";
import type { Clock, TimerHandle } from "../clock.js";

/** How often calls are counted, and at most written. */
const COUNT_MS = 1_000;
/** An engine with calls writes at least this often. */
export const REPEAT_MS = 10_000;
/** Older counts are ignored: their engine is gone. */
export const STALE_MS = 3 * REPEAT_MS;

export interface LiveCallsDeps {
  readonly store: Pick<Store, "writeLiveCalls">;
  readonly clock: Clock;
  readonly log: Logger;
  readonly engineId: string;
}

export class LiveCalls {
  #timer: TimerHandle | undefined;
  /** The counts that were last written, as JSON. */
  #said = textOf([], []);
  #saidMs = 0;
  #writing = false;
  #failed = false;

  constructor(
    private readonly deps: LiveCallsDeps,
    private readonly calls: () => readonly Call[],
  ) {}

  /** Replaces what an earlier engine may have left: a starting engine has no calls yet. */
  open(): void {
    this.#write([], []);
    this.#arm();
  }

  close(): void {
    if (this.#timer !== undefined) this.deps.clock.cancel(this.#timer);
    this.#timer = undefined;
  }

  #arm(): void {
    this.#timer = this.deps.clock.after(COUNT_MS, () => {
      this.#count();
      this.#arm();
    });
  }

  #count(): void {
    const calls = this.calls();
    const [counts, about] = [countByRevision(calls), countByName(calls)];
    const due = counts.length > 0 && this.deps.clock.nowMs() - this.#saidMs >= REPEAT_MS;
    if (due || textOf(counts, about) !== this.#said) this.#write(counts, about);
  }

  /** One write at a time: while another process locks the database, later counts replace each other. */
  #write(calls: readonly CallsOfRevision[], about: readonly CallsAbout[]): void {
    if (this.#writing) return;
    const { store, clock, log, engineId } = this.deps;
    const saidMs = clock.nowMs();
    this.#writing = true;
    this.#said = textOf(calls, about);
    this.#saidMs = saidMs;
    store
      .writeLiveCalls({ engineId, saidMs, calls, about })
      .then(() => {
        this.#failed = false;
      })
      .catch((error: unknown) => {
        this.#said = "";
        if (!this.#failed) log.warn({ err: error }, "the number of live calls cannot be written");
        this.#failed = true;
      })
      .finally(() => {
        this.#writing = false;
      });
  }
}

/** The oldest revision first. */
function countByRevision(calls: readonly Call[]): CallsOfRevision[] {
  const counts = new Map<number, number>();
  for (const { state } of calls) counts.set(state.revision, (counts.get(state.revision) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a - b);
}

/** More names than this are not written: a million calls a day are about few thousand at once. */
const NAMES_MAX = 20_000;

function countByName(calls: readonly Call[]): CallsAbout[] {
  const counts = new Map<string, number>();
  for (const call of calls)
    for (const name of call.about)
      if (counts.has(name) || counts.size < NAMES_MAX) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}

function textOf(calls: readonly CallsOfRevision[], about: readonly CallsAbout[]): string {
  return JSON.stringify([calls, about]);
}

/** How many calls of all engines that have written lately are about each entity, by its name. */
export function callsAbout(said: readonly LiveCallsSaid[], nowMs: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { saidMs, about } of said) {
    if (nowMs - saidMs > STALE_MS) continue;
    for (const [name, count] of about) counts.set(name, (counts.get(name) ?? 0) + count);
  }
  return counts;
}

/** The calls of all engines that have written lately, the oldest revision first. */
export function sumCalls(said: readonly LiveCallsSaid[], nowMs: number): CallsOfRevision[] {
  const counts = new Map<number, number>();
  for (const { saidMs, calls } of said) {
    if (nowMs - saidMs > STALE_MS) continue;
    for (const [revision, count] of calls) counts.set(revision, (counts.get(revision) ?? 0) + count);
  }
  return [...counts].sort(([a], [b]) => a - b);
}
