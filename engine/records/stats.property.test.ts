/**
 * Goal: statistics are what somebody would count who has the list of calls before them. Method: random calls of a day, in
 * pieces and with ends that are corrected later, and a recount of what `ringline calls --json` and `ringline call` print.
 */
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mustOpen } from "../../fixtures/must-open.js";
import { madeCall, SMALL_OFFICE } from "../../fixtures/records/made-calls.js";
import { writeCalls } from "../../fixtures/records/outside-calls.js";
import { type RecordsFolder, recordsFolder } from "../../fixtures/records/records-folder.js";
import { dateOf, dayOf } from "../../policy/office/zone.js";
import type { Happening, What } from "../../policy/record/happening.js";
import type { CallRecord } from "../../policy/record/record.js";
import type { Store } from "../../storage/store.js";
import { showStats } from "./stats.js";

const ZONE = "America/New_York";
const FIRST_DAY = dayOf("2026-03-01") ?? 0;
const DAY_MS = 86_400_000;
const WITHIN_S = 20;

let folder: RecordsFolder;
let store: Store;
const opened: Store[] = [];
beforeAll(async () => {
  folder = await recordsFolder();
  store = await mustOpen(folder.db, opened);
});
afterAll(async () => {
  for (const one of opened) await one.close();
  folder.remove();
});

/** Some calls are taken for lost after so many of their happenings, and found alive after that. */
const day = fc.uniqueArray(
  fc.record({ call: fc.nat(400), cut: fc.nat(12), isLost: fc.boolean(), atMs: fc.nat(DAY_MS - 1) }),
  { selector: ({ call }) => call, minLength: 1, maxLength: 14 },
);

const LOST: What = { kind: "ended", ending: { kind: "lost" }, side: "unknown", cause: null, isSeen: false };

it("are what the list of calls adds up to, also after corrections", async () => {
  let nth = 0;
  await fc.assert(
    fc.asyncProperty(day, async (calls) => {
      // Each run has a day of its own: noon of it is noon UTC or later.
      nth += 1;
      const beginsMs = (FIRST_DAY + nth) * DAY_MS + 5 * 3_600_000;
      const whole = calls.map(({ call, atMs }) =>
        madeCall(nth * 1_000 + call, beginsMs + atMs, SMALL_OFFICE),
      );
      const parts = calls.map(({ cut, isLost }, index) => cutAt(whole[index] ?? [], cut, isLost));
      for (const half of [0, 1] as const) {
        const news = parts.map((part) => part[half]).filter((each) => each.length > 0);
        if (news.length > 0) await writeCalls(store, ZONE, ...news);
      }
      const records = await kept();
      const days = { fromDay: dateOf(FIRST_DAY + nth - 1), untilDay: dateOf(FIRST_DAY + nth + 1) };
      const these = records.filter(({ beganMs }) => isWithin(beganMs, days));
      expect(await totalOf(days, {})).toEqual(recounted(these.filter(({ direction }) => direction === "in")));
      expect(await totalOf(days, { direction: "out" })).toEqual(
        recounted(these.filter(({ direction }) => direction === "out")),
      );
      expect(await totalOf(days, { direction: "inside" })).toEqual(
        recounted(these.filter(({ direction }) => direction === "inside")),
      );
      const came = these.filter(({ direction }) => direction !== "out");
      expect(await rowsOf(days, "number")).toEqual(recountedBy(came, "number"));
      expect(await rowsOf(days, "schedule")).toEqual(recountedBy(came, "schedule"));
      expect(await rowsOf(days, "day")).toEqual(byDay(these, days));
    }),
    { numRuns: 25 },
  );
});

function cutAt(
  happenings: readonly Happening[],
  cut: number,
  isLost: boolean,
): readonly [Happening[], Happening[]] {
  const [before, after] = [happenings.slice(0, cut), happenings.slice(cut)];
  const last = before.at(-1);
  if (!isLost || last === undefined || after.length === 0) return [before, after];
  const adopted: What = { kind: "adopted", engine: "other", revision: 1 };
  return [
    [...before, { ...last, what: LOST }],
    [{ ...last, what: adopted }, ...after],
  ];
}

interface Days {
  readonly fromDay: string;
  readonly untilDay: string;
}

async function shown(days: Days, wish: { by?: "number" | "schedule" | "day"; direction?: "out" | "inside" }) {
  const stats = await showStats({ store }, { withinS: WITHIN_S, ...wish }, () => days);
  if (stats.outcome !== "stats") throw new Error(stats.outcome);
  return stats;
}

async function totalOf(days: Days, wish: { direction?: "out" | "inside" }) {
  return (await shown(days, wish)).total;
}

async function rowsOf(days: Days, by: "number" | "schedule" | "day") {
  const { rows } = await shown(days, { by });
  return Object.fromEntries(rows.map(({ name, label: _label, ...row }) => [name, row]));
}

async function kept(): Promise<CallRecord[]> {
  const { calls } = await store.records.list({}, { limit: 10_000 });
  const records = await Promise.all(calls.map(({ id }) => store.records.one(id)));
  return records.flatMap((record) => (record === undefined ? [] : [record]));
}

function dayIn(ms: number): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, dateStyle: "short" }).format(ms);
}

function isWithin(ms: number, { fromDay, untilDay }: Days): boolean {
  return dayIn(ms) >= fromDay && dayIn(ms) <= untilDay;
}

/** By the words of docs/statistics.md and docs/calls.md alone. */
function recounted(records: readonly CallRecord[]) {
  const over = records.filter(({ result }) => !["live", "not_ours", "listened"].includes(result));
  const answered = over.filter(({ connectedMs }) => connectedMs !== null);
  const messages = over.filter(({ messageIn }) => messageIn !== null);
  const missed = over.filter(({ result, connectedMs }) => result === "missed" && connectedMs === null);
  const waits = answered.map(({ beganMs, connectedMs }) => seconds(beganMs, connectedMs)).sort(ascending);
  const others = [
    ...messages
      .filter(({ connectedMs }) => connectedMs === null)
      .map((call) => seconds(call.beganMs, greetedMs(call))),
    ...missed
      .filter(({ messageIn }) => messageIn === null)
      .map(({ beganMs, endedMs }) => seconds(beganMs, endedMs)),
  ].sort(ascending);
  return {
    calls: over.length,
    answered: answered.length,
    missed: missed.length,
    messages: messages.length,
    refused: over.filter(({ result }) => result === "refused" || result === "failed").length,
    talkMs: answered.reduce((sum, { connectedMs, endedMs }) => sum + (endedMs ?? 0) - (connectedMs ?? 0), 0),
    medianS: ranked(waits, 0.5),
    p95S: ranked(waits, 0.95),
    unansweredMedianS: ranked(others, 0.5),
    unansweredP95S: ranked(others, 0.95),
    offered: waits.length + others.length,
    answeredInTime: waits.filter((wait) => wait < WITHIN_S).length,
  };
}

function greetedMs({ happenings, endedMs }: CallRecord): number | null {
  return happenings.find(({ what }) => what.kind === "greeting")?.atMs ?? endedMs;
}

function seconds(fromMs: number, toMs: number | null): number {
  return Math.floor(((toMs ?? fromMs) - fromMs) / 1_000);
}

function ascending(a: number, b: number): number {
  return a - b;
}

function ranked(waits: readonly number[], share: number): number | null {
  return waits[Math.ceil(waits.length * share) - 1] ?? null;
}

function recountedBy(records: readonly CallRecord[], kind: string) {
  const names = new Set(records.flatMap(({ about }) => about.filter((name) => name.startsWith(`${kind}:`))));
  const rows = [...names].map((name) => {
    const row = recounted(records.filter(({ about }) => about.includes(name)));
    return [name.slice(kind.length + 1), row] as const;
  });
  return Object.fromEntries(rows.filter(([, { calls }]) => calls > 0));
}

function byDay(records: readonly CallRecord[], { fromDay }: Days) {
  const first = dayOf(fromDay) ?? 0;
  const rows = [0, 1, 2].map((later) => {
    const date = dateOf(first + later);
    const began = records.filter(({ beganMs, direction }) => direction === "in" && dayIn(beganMs) === date);
    return [date, recounted(began)] as const;
  });
  return Object.fromEntries(rows);
}
