/** Fills a database with calls that never happened, a year of them, as a recorder would have written them. */
import { stopwatchMs } from "../engine/clock.js";
import { type MadeOffice, madeCall } from "../fixtures/records/made-calls.js";
import { recordOf } from "../policy/record/fold.js";
import type { Store } from "../storage/store.js";

/** A company of sixty phones, whom three hundred thousand people call. */
export const COMPANY: MadeOffice = { users: 60, groups: 12, numbers: 40, callers: 300_000 };
export const ZONE = "America/New_York";
/** The year in which the calls began. */
export const YEAR = { fromMs: Date.UTC(2025, 10, 1), days: 365 } as const;
const DAY_MS = 86_400_000;
/** More than a recorder writes at once: nobody waits here. */
const BATCH = 200;

/** When call `call` of `calls` began. */
export function beganMs(call: number, calls: number): number {
  return YEAR.fromMs + Math.floor((call * YEAR.days * DAY_MS) / calls);
}

/** @returns milliseconds of the writing alone, each call */
export async function fill(store: Store, calls: number, say: (line: string) => void): Promise<number> {
  let writingMs = 0;
  for (let first = 0; first < calls; first += BATCH) {
    const changes = Array.from({ length: Math.min(BATCH, calls - first) }, (_, nth) => {
      const happenings = madeCall(first + nth, beganMs(first + nth, calls), COMPANY);
      return { before: undefined, after: recordOf(happenings), news: happenings };
    });
    const startedMs = stopwatchMs();
    await store.recordTables.write({ changes, zone: ZONE });
    writingMs += stopwatchMs() - startedMs;
    if ((first / BATCH) % 250 === 249) say(`${first + BATCH} calls are written`);
  }
  return writingMs / calls;
}
