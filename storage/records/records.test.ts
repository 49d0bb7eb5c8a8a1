/**
 * Goal: what is read from journals is found again, by each way to ask, and is counted once, whatever is learned about a
 * call later. Method: made calls are written in batches as a recorder does; what the tables answer is compared with what
 * the records themselves say.
 */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mustOpen } from "../../fixtures/must-open.js";
import { callerNumber, callId, madeCall, SMALL_OFFICE } from "../../fixtures/records/made-calls.js";
import { given } from "../../policy/office/optional.js";
import { dateOf } from "../../policy/office/zone.js";
import { fold, recordOf } from "../../policy/record/fold.js";
import type { Happening, What } from "../../policy/record/happening.js";
import { markOf, marksOf } from "../../policy/record/marks.js";
import type { CallRecord } from "../../policy/record/record.js";
import { talliesOf, tallyTime } from "../../policy/record/tally.js";
import { Database } from "../database.js";
import { openStore, type Store } from "../store.js";
import type { CallFilter, CallRow, Within } from "./filter.js";
import { partsOf } from "./list.js";

const ZONE = "America/New_York";
const NOON = Date.UTC(2026, 10, 30, 17);
const CALLS = 300;

let store: Store;
let opened: Store[];

beforeEach(async () => {
  opened = [];
  store = await mustOpen(":memory:", opened);
});
afterEach(async () => {
  for (const one of opened) await one.close();
});

/** Writes happenings of one call after those that are known. */
async function write(...news: readonly Happening[][]): Promise<void> {
  const before = await store.recordTables.records(news.map(([first]) => first?.call ?? ""));
  const changes = news.map((happenings) => {
    const known = before.get(happenings[0]?.call ?? "");
    return { before: known, after: fold(known, happenings), news: happenings };
  });
  await store.recordTables.write({ changes, zone: ZONE });
}

function at(call: number): number {
  return NOON + call * 61_000;
}

function made(call: number): Happening[] {
  return madeCall(call, at(call), SMALL_OFFICE);
}

/** Calls 0 to CALLS, some in the same millisecond, in batches. */
async function writeMany(): Promise<CallRecord[]> {
  const calls = Array.from({ length: CALLS }, (_, call) =>
    madeCall(call, at(call - (call % 3)), SMALL_OFFICE),
  );
  for (let first = 0; first < CALLS; first += 50) await write(...calls.slice(first, first + 50));
  return calls.map(recordOf);
}

async function listed(filter: CallFilter, limit = 7): Promise<CallRow[]> {
  const all: CallRow[] = [];
  for (let after: number | undefined; ; ) {
    const page = await store.records.list(filter, { limit, ...given({ after }) });
    all.push(...page.calls);
    if (page.next === null) return all;
    after = page.next;
  }
}

describe("a call that was written", () => {
  it("is told as it happened", async () => {
    await write(made(1), made(2), made(3));
    for (const call of [1, 2, 3]) expect(await store.records.one(callId(call))).toEqual(recordOf(made(call)));
    expect(await store.records.one("no such call")).toBeUndefined();
  });

  it("is listed with what its record says", async () => {
    await write(made(1));
    const { legs: _, happenings: __, ...record } = recordOf(made(1));
    expect(await listed({})).toEqual([{ ...record, key: at(1) * 1_000, change: 1, greetedMs: null }]);
  });

  it("is told from every point on at which it was in progress", async () => {
    const whole = made(4);
    for (const [nth, happening] of whole.entries()) {
      await write([happening]);
      expect(await store.records.one(callId(4))).toEqual(recordOf(whole.slice(0, nth + 1)));
      expect((await listed({ result: "live" })).length).toBe(nth + 1 === whole.length ? 0 : 1);
    }
    expect(await store.records.lastChange()).toBe(whole.length);
  });

  it("is found by the beginning of its id", async () => {
    await writeMany();
    const id = callId(7);
    expect((await store.records.find(id.slice(0, 8))).map((row) => row.id)).toEqual([id]);
    expect(await store.records.find("zz")).toEqual([]);
  });

  it("is told to those who follow, in the order of the writing", async () => {
    await write(made(1).slice(0, 3));
    await write(made(2));
    const after = await store.records.lastChange();
    await write(made(1).slice(3));
    const ids = async (change: number) => (await store.records.changedAfter(change, 10)).map((row) => row.id);
    expect(await ids(0)).toEqual([callId(2), callId(1)]);
    expect(await ids(after)).toEqual([callId(1)]);
  });
});

describe("lists", () => {
  const USER: Within = { kind: "user", name: "user3", fromMs: 0 };
  const GROUP: Within = { kind: "group", name: "group1", fromMs: 0 };
  const digitsOf = (number: string) => number.replaceAll(/\D/g, "");
  const caller = callerNumber(5);

  it.each<[string, CallFilter, (record: CallRecord) => boolean]>([
    ["everything", {}, () => true],
    ["the end of a caller's number", { number: caller.slice(-4) }, hasNumber(caller.slice(-4))],
    [
      "a number with signs in it",
      { number: `(${caller.slice(2, 5)}) ${caller.slice(5, 8)}` },
      hasNumber(digitsOf(caller).slice(1, 7)),
    ],
    ["part of a number that many have", { number: "+1212" }, hasNumber("1212")],
    ["a number nobody has", { number: "99999999" }, () => false],
    ["the number called", { called: "+12125550101" }, ({ called }) => called === "+12125550101"],
    ["a user", { user: "user3" }, marked("user", "user3")],
    ["a group", { group: "group1" }, marked("group", "group1")],
    ["a carrier", { carrier: "carrier1" }, marked("carrier", "carrier1")],
    ["a schedule", { about: "schedule:practice" }, marked("schedule", "practice")],
    ["an unknown user", { user: "nobody" }, () => false],
    ["missed calls", { result: "missed" }, ({ result }) => result === "missed"],
    ["calls out", { direction: "out" }, ({ direction }) => direction === "out"],
    ["emergency calls", { isEmergency: true }, ({ isEmergency }) => isEmergency],
    ["calls of no emergency", { isEmergency: false }, ({ isEmergency }) => !isEmergency],
    ["a time", { fromMs: at(50), untilMs: at(80) }, ({ beganMs }) => beganMs >= at(50) && beganMs < at(80)],
    [
      "several at once",
      { user: "user3", result: "message", group: "group1" },
      (record) =>
        marked("user", "user3")(record) && marked("group", "group1")(record) && record.result === "message",
    ],
    [
      "a number among messages",
      { number: "55", result: "message" },
      (record) => hasNumber("55")(record) && record.result === "message",
    ],
    [
      "those of a user and of groups",
      { within: [USER, GROUP, { ...GROUP, name: "nothing" }] },
      (record) => marked("user", "user3")(record) || marked("group", "group1")(record),
    ],
    [
      "those of a user and of a group, of whom one has the name since a time",
      { within: [USER, { ...GROUP, fromMs: at(60) }] },
      (record) =>
        marked("user", "user3")(record) || (marked("group", "group1")(record) && record.beganMs >= at(60)),
    ],
    [
      "missed calls of a number among those of a user and a group",
      { within: [USER, GROUP], result: "missed", number: "55" },
      (record) =>
        (marked("user", "user3")(record) || marked("group", "group1")(record)) &&
        record.result === "missed" &&
        hasNumber("55")(record),
    ],
    ["those of nobody", { within: [] }, () => false],
  ])("%s", async (_what, filter, isIn) => {
    const records = await writeMany();
    const expected = records.filter(isIn).map(({ id }) => id);
    const found = await listed(filter);
    expect(found.map(({ id }) => id).sort()).toEqual(expected.sort());
    expect(found.map(({ key }) => key)).toEqual(found.map(({ key }) => key).sort((a, b) => b - a));
  });

  it("reads numbers as people write them", () => {
    expect(partsOf("(917) 555-0144")).toEqual(["9175550144"]);
    expect(partsOf("+1 917")).toEqual(["1917"]);
    expect(partsOf("020 7946")).toEqual(["0207946", "207946"]);
    expect(partsOf(" ")).toEqual([]);
    expect(partsOf("alice@example")).toEqual(["alice@example"]);
  });

  function hasNumber(part: string) {
    return ({ from, called }: CallRecord) => from.includes(part) || called.includes(part);
  }

  function marked(kind: string, name: string) {
    return (record: CallRecord) =>
      marksOf(record).marks.some((mark) => mark.kind === kind && mark.name === name);
  }
});

describe("sums", () => {
  const days = { fromDay: "2026-11-01", untilDay: "2026-12-31" };

  /** What the records themselves add up to. */
  function expected(records: readonly CallRecord[]): Map<string, number[]> {
    const sums = new Map<string, number[]>();
    for (const record of records)
      for (const tally of talliesOf(record)) {
        const { day, hour } = tallyTime(record, ZONE);
        const key = `${tally.kind}:${tally.name} ${dateOf(day)} ${hour}`;
        const counted = [
          1,
          Number(tally.isAnswered),
          Number(tally.isMissed),
          Number(tally.isMessage),
          tally.talkMs,
        ];
        sums.set(
          key,
          counted.map((value, nth) => value + (sums.get(key)?.[nth] ?? 0)),
        );
      }
    return sums;
  }

  async function kept(): Promise<Map<string, number[]>> {
    const sums = new Map<string, number[]>();
    for (const kind of ["all", "number", "user", "group", "schedule", "flow", "caller"] as const)
      for (const row of await store.records.sums({ kind, ...days, by: ["name", "day", "hour"] }))
        sums.set(`${kind}:${row.name} ${row.day} ${row.hour}`, [
          row.calls,
          row.answered,
          row.missed,
          row.messages,
          row.talkMs,
        ]);
    return sums;
  }

  it("are what the calls add up to", async () => {
    const records = await writeMany();
    expect(await kept()).toEqual(expected(records));
  });

  it("count a call once, however it was cut into batches and whatever was believed of it meanwhile", async () => {
    const lost: What = {
      kind: "ended",
      ending: { kind: "lost" },
      side: "unknown",
      cause: null,
      isSeen: false,
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(60), { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(20), { maxLength: 4 }),
        async (calls, cuts) => {
          store = await mustOpen(":memory:", opened);
          const whole = new Map<string, Happening[]>();
          for (const call of new Set(calls)) {
            const happenings = [...made(call)];
            // Another engine took it for lost, and a third one found it alive.
            if (call % 3 === 0 && happenings.length > 4) {
              const { call: id, atMs } = happenings[3] ?? { call: "", atMs: 0 };
              const adopted: What = { kind: "adopted", engine: "other", revision: 1 };
              happenings.splice(4, 0, { call: id, atMs, what: lost }, { call: id, atMs, what: adopted });
            }
            whole.set(callId(call), happenings);
          }
          const places = [...new Set(cuts)].sort((a, b) => a - b);
          for (const [nth, from] of [0, ...places].entries()) {
            const parts = [...whole.values()].map((all) => all.slice(from, places[nth]));
            const news = parts.filter((part) => part.length > 0);
            if (news.length > 0) await write(...news);
          }
          expect(await kept()).toEqual(expected([...whole.values()].map(recordOf)));
        },
      ),
      { numRuns: 40 },
    );
  });

  it("add up what they are not grouped by", async () => {
    const records = await writeMany();
    const [all] = await store.records.sums({ kind: "all", names: ["in"], ...days, by: [] });
    const came = records.filter(({ direction }) => direction === "in");
    expect(all).toMatchObject({ name: null, day: null, hour: null, calls: came.length });
    const byDay = await store.records.sums({ kind: "all", ...days, by: ["day"] });
    expect(byDay.reduce((sum, { calls }) => sum + calls, 0)).toBe(CALLS);
    expect(
      await store.records.sums({ kind: "all", fromDay: "2026-01-01", untilDay: "2026-01-31", by: [] }),
    ).toEqual([]);
  });

  it("keep how long callers waited", async () => {
    const records = await writeMany();
    const rows = await store.records.waits({ kind: "group", names: ["group1"], ...days, by: ["name"] });
    const waits = records
      .flatMap(talliesOf)
      .filter(({ kind, name, waitMs }) => kind === "group" && name === "group1" && waitMs !== null);
    expect(rows.reduce((sum, { calls }) => sum + calls, 0)).toBe(waits.length);
    const answered = rows.filter(({ isAnswered }) => isAnswered).map(({ waitS }) => waitS);
    expect(answered).toEqual([...answered].sort((a, b) => a - b));
  });
});

describe("old calls", () => {
  it("are deleted in steps, and their sums stay", async () => {
    await writeMany();
    const before = await store.records.sums({
      kind: "all",
      fromDay: "2026-11-01",
      untilDay: "2026-12-31",
      by: ["name"],
    });
    expect(await store.recordTables.deleteOld(at(100), 30)).toBe(30);
    let deleted = 30;
    for (let step = 1; step > 0; deleted += step) step = await store.recordTables.deleteOld(at(100), 30);
    const left = await listed({});
    expect(left.length).toBe(CALLS - deleted);
    expect(Math.min(...left.map(({ beganMs }) => beganMs))).toBeGreaterThanOrEqual(at(100));
    expect(
      await store.records.sums({ kind: "all", fromDay: "2026-11-01", untilDay: "2026-12-31", by: ["name"] }),
    ).toEqual(before);
    // Nothing of them is found any more, and what is found is the rest.
    const old = left.filter(({ from }) => from === callerNumber(5)).length;
    expect(
      (await listed({ number: callerNumber(5) })).filter(({ from }) => from === callerNumber(5)).length,
    ).toBe(old);
  });

  it("lose their callers, who stay in younger ones", async () => {
    const records = await writeMany();
    const outside = new Set(
      records.flatMap(({ direction, from, called }) =>
        direction === "in" ? [from] : direction === "out" ? [called] : [],
      ),
    );
    outside.delete("");
    for (let step = 1; step > 0; ) step = await store.recordTables.anonymiseOld(at(150), 25);
    const young = new Set<string>();
    for (const row of await listed({})) {
      const record = await store.records.one(row.id);
      const text = JSON.stringify({ row, record });
      const named = [...outside].filter((number) => text.includes(number) || text.includes(number.slice(1)));
      if (row.beganMs >= at(150)) for (const number of named) young.add(number);
      else {
        expect(named, text).toEqual([]);
        expect(text).not.toContain("CALLER");
        expect(row.sipCallId).toBeNull();
      }
    }
    for (const number of outside)
      expect((await listed({ number })).length > 0, number).toBe(young.has(number));
    // What happened to it is told as before.
    const one = await store.records.one(callId(1));
    expect(one?.happenings.length).toBe(made(1).length);
    expect(one?.result).toBe(recordOf(made(1)).result);
  });

  it("are written without their callers when they are read late", async () => {
    await write(made(1), made(100));
    while ((await store.recordTables.anonymiseOld(at(150), 25)) > 0);
    await write(madeCall(2, at(2), SMALL_OFFICE));
    const record = await store.records.one(callId(2));
    const { from, called } = recordOf(made(2));
    expect(JSON.stringify(record)).not.toContain(recordOf(made(2)).direction === "out" ? called : from);
  });
});

it("a target is read as a mark", () => {
  expect(markOf("number:+1212")).toEqual({ kind: "number", name: "+1212" });
});

describe("a database whose records are damaged", () => {
  it("is found damaged as a whole, and the office in it is not", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ringline-damaged-"));
    try {
      const path = join(folder, "test.db");
      store = await mustOpen(path, opened);
      await writeMany();
      await store.close();
      opened.pop();
      const pages = await pagesOf(path, "call_stories");
      const file = openSync(path, "r+");
      for (const page of pages) writeSync(file, Buffer.alloc(512, 0xff), 0, 512, (page - 1) * 4_096);
      closeSync(file);
      const whole = await openStore(path, { checkIntegrity: true });
      expect(whole).toMatchObject({ ok: false, failure: { reason: "damaged" } });
      const office = await openStore(path, { checkIntegrity: "office" });
      expect(office.ok).toBe(true);
      if (office.ok) await office.store.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  async function pagesOf(path: string, table: string): Promise<number[]> {
    const database = await Database.open(path, true);
    const rows = await database.all<{ pageno: number }>("SELECT pageno FROM dbstat WHERE name = ?", [table]);
    await database.close();
    expect(rows.length).toBeGreaterThan(3);
    return rows.map(({ pageno }) => pageno);
  }
});
