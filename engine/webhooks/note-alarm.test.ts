/**
 * Goal: an alarm about calls outside that the engine raises becomes one event, also when the database is away just then.
 * Method: the engine's meter with the hook that `ringline run` gives it, and a real database that fails when told to.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import { newStore } from "../../fixtures/new-store.js";
import { SeededIds } from "../../fixtures/seeded-ids.js";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import { OFFICE } from "../../policy/outside/payer.js";
import type { Store } from "../../storage/store.js";
import type { AlarmRow } from "../../storage/webhooks.js";
import { OutsideAlarms, SPIKE_CALLS } from "../calls/outside-alarms.js";
import { noteAlarm } from "./note-alarm.js";

const SILENT = pino({ level: "silent" });
let folder: string;
let store: Store;
let clock: VirtualClock;
let failures: number;
let writing: Promise<void>[];
let alarms: OutsideAlarms;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-alarm-"));
  store = await newStore(join(folder, "test.db"));
  clock = new VirtualClock();
  failures = 0;
  writing = [];
  const raise = (row: AlarmRow) => {
    failures -= 1;
    const written = failures >= 0 ? Promise.reject(new Error("busy")) : store.webhooks.raise(row);
    writing.push(written.catch(() => undefined));
    return written;
  };
  alarms = new OutsideAlarms(
    clock,
    SILENT,
    noteAlarm({ tables: { raise }, clock, ids: new SeededIds(1), log: SILENT }),
  );
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

async function noted(): Promise<AlarmRow[]> {
  await Promise.all(writing);
  const found: AlarmRow[] = [];
  await store.webhooks.takeAlarms((alarm) => {
    found.push(alarm);
    return [];
  }, clock.nowMs());
  return found;
}

it("a user who begins too many calls outside is one alarm, with who pays and what was counted", async () => {
  for (let calls = 0; calls < SPIKE_CALLS.user + 5; calls += 1) alarms.begun("bob.stone");
  expect(await noted()).toMatchObject([
    { kind: "spike", payer: "bob.stone", atMs: clock.nowMs(), figures: { calls: SPIKE_CALLS.user + 1 } },
  ]);
});

it("minutes of the whole office are nobody's in particular", async () => {
  alarms.used(OFFICE, 950, 1_000);
  expect(await noted()).toMatchObject([
    { kind: "minutes", payer: null, figures: { minutes: 950, limit: 1_000 } },
  ]);
});

it("an alarm that cannot be written is written later, once, with the time at which it was raised", async () => {
  failures = 3;
  const atMs = clock.nowMs();
  for (let refused = 0; refused < 11; refused += 1) alarms.refused();
  expect(await noted()).toEqual([]);
  for (let minute = 0; minute < 10; minute += 1) {
    clock.advanceBy(60_000);
    await Promise.all(writing);
  }
  expect(writing).toHaveLength(4);
  expect(await noted()).toMatchObject([{ kind: "refusals", payer: null, atMs }]);
});
