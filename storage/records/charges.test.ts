/**
 * Goal: every answered leg to the public network is there once, with its true times, as long as its call is kept. Method:
 * calls are written as the recorder does, in one piece and happening by happening, and the table is read.
 */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mustOpen } from "../../fixtures/must-open.js";
import { callToSales, outsideCall, writeCalls } from "../../fixtures/records/outside-calls.js";
import type { Happening } from "../../policy/record/happening.js";
import type { OutsideCall } from "../../policy/usage/rate.js";
import { Database } from "../database.js";
import type { Store } from "../store.js";
import { readCharges } from "./charges.js";

const ZONE = "America/New_York";
const NOON = Date.UTC(2026, 10, 30, 17);
const ALL = { fromMs: 0, untilMs: Number.MAX_SAFE_INTEGER };

let opened: Store[];
let store: Store;

beforeEach(async () => {
  opened = [];
  store = await mustOpen(":memory:", opened);
});
afterEach(async () => {
  for (const one of opened) await one.close();
});

async function charges(query = ALL): Promise<OutsideCall[]> {
  const all: OutsideCall[] = [];
  for await (const each of store.records.charges(query)) all.push(each);
  return all;
}

const write = (...calls: Happening[][]) => writeCalls(store, ZONE, ...calls);

describe("a call outside that was answered", () => {
  it("is there with its number, times and who pays", async () => {
    await write(outsideCall({ id: "a", answeredMs: NOON, seconds: 75 }));
    expect(await charges()).toEqual([
      {
        ...{ call: "a", answeredMs: NOON, endedMs: NOON + 75_000, isEndSeen: true, to: "+442079460123" },
        ...{ shown: "+12125550100", called: null, user: "alice.wong" },
      },
    ]);
  });

  it("is there while it goes on, and once when it has ended", async () => {
    const call = outsideCall({ id: "a", answeredMs: NOON, seconds: 75 });
    for (const happening of call) await write([happening]);
    expect(await charges()).toMatchObject([{ call: "a", endedMs: NOON + 75_000 }]);
    await write(outsideCall({ id: "b", answeredMs: NOON + 1, seconds: null }));
    expect(await charges()).toMatchObject([{ call: "a" }, { call: "b", endedMs: null }]);
  });

  it("says that nobody saw the end", async () => {
    await write(outsideCall({ id: "a", answeredMs: NOON, seconds: 75, isEndSeen: false }));
    expect(await charges()).toMatchObject([{ isEndSeen: false }]);
  });

  it("came in by a number of the office, and shows that number where the caller's own was shown", async () => {
    const began = { direction: "in", from: "+19175550144", user: null, called: "+12125550100" } as const;
    const told = { id: "a", answeredMs: NOON, seconds: 5, payer: "office", began };
    await write(outsideCall({ ...told, shows: "+19175550144" }));
    expect(await charges()).toMatchObject([{ shown: null, called: "+12125550100", user: null }]);
  });
});

describe("what costs nothing", () => {
  it.each([
    [
      "a leg that was not answered",
      outsideCall({ id: "a", answeredMs: NOON, seconds: 0, isAnswered: false }),
    ],
    [
      "an emergency call",
      outsideCall({ id: "a", answeredMs: NOON, seconds: 60, to: "911", isEmergency: true }),
    ],
    [
      "a call between phones of the office",
      callToSales({ id: "a", beganMs: NOON, waitMs: 5_000, by: "bob.stone" }),
    ],
  ])("is not there: %s", async (_, call) => {
    await write(call);
    expect(await charges()).toEqual([]);
  });
});

describe("the charges of a period", () => {
  it("are those of the calls that were answered in it, whenever they ended", async () => {
    await write(
      outsideCall({ id: "before", answeredMs: NOON - 1, seconds: 3_600 }),
      outsideCall({ id: "first", answeredMs: NOON, seconds: 3_600 }),
      outsideCall({ id: "last", answeredMs: NOON + 59_999, seconds: 3_600 }),
      outsideCall({ id: "after", answeredMs: NOON + 60_000, seconds: 1 }),
    );
    const found = await charges({ fromMs: NOON, untilMs: NOON + 60_000 });
    expect(found.map(({ call }) => call)).toEqual(["first", "last"]);
  });

  it("are read page by page, each once and in order, also of one millisecond", async () => {
    const database = await Database.open(":memory:", false);
    await database.exec(
      "CREATE TABLE calls (key INTEGER PRIMARY KEY, id, direction, called); CREATE TABLE call_charges (key, place, answered_ms, ended_ms, is_end_seen, dialled, shown, user)",
    );
    const moments = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(moments, fc.integer({ min: 1, max: 7 }), async (times, pageRows) => {
        await database.exec("DELETE FROM calls; DELETE FROM call_charges");
        const rows = JSON.stringify(times.map((atMs, key) => ({ key, atMs })));
        await database.run(
          "INSERT INTO calls SELECT value ->> 'key', 'c' || (value ->> 'key'), 'out', '' FROM json_each(?)",
          [rows],
        );
        await database.run(
          "INSERT INTO call_charges SELECT value ->> 'key', 0, value ->> 'atMs', NULL, 1, '', NULL, NULL FROM json_each(?)",
          [rows],
        );
        const read: string[] = [];
        for await (const { call } of readCharges(database, { fromMs: 0, untilMs: 9 }, pageRows))
          read.push(call);
        const wanted = times
          .map((atMs, key) => ({ atMs, key }))
          .sort((a, b) => a.atMs - b.atMs || a.key - b.key)
          .map(({ key }) => `c${key}`);
        expect(read).toEqual(wanted);
      }),
    );
    await database.close();
  });
});

describe("calls that get old", () => {
  it("take their charges with them", async () => {
    await write(
      outsideCall({ id: "old", answeredMs: NOON, seconds: 5 }),
      outsideCall({ id: "new", answeredMs: NOON + 60_000, seconds: 5 }),
    );
    await store.recordTables.deleteOld(NOON + 30_000, 10);
    expect((await charges()).map(({ call }) => call)).toEqual(["new"]);
  });

  it("lose the last digits of the number that was called, and keep those by which calls have a price", async () => {
    await write(outsideCall({ id: "old", answeredMs: NOON, seconds: 5 }));
    for (let times = 0; times < 2; times += 1) await store.recordTables.anonymiseOld(NOON + 30_000, 10);
    expect(await charges()).toMatchObject([{ to: "+44207946xxxx" }]);
  });
});
