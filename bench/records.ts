/**
 * What a year of calls costs: writing them, finding them by everything people ask for, summing them up, their size; and how
 * long the engine's own writes wait while calls are recorded, deleted and anonymised.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { pino } from "pino";
import { stopwatchMs, systemClock } from "../engine/clock.js";
import { systemIds } from "../engine/ids.js";
import { journalFolder } from "../engine/records/journal-files.js";
import { Recorder } from "../engine/records/recorder.js";
import { office } from "../fixtures/core/scene.js";
import { sleep } from "../fixtures/harness/clock.js";
import { callerNumber, madeCall } from "../fixtures/records/made-calls.js";
import type { RecordKeeping } from "../policy/office/record-keeping.js";
import { SUM_KINDS } from "../policy/record/tally.js";
import type { CallFilter } from "../storage/records/filter.js";
import { openStore, type Store } from "../storage/store.js";
import type { Bench, Table } from "./bench.js";
import { numberIn } from "./calls/arguments.js";
import { percentile, rounded } from "./figures.js";
import { beganMs, COMPANY, fill, YEAR, ZONE } from "./record-crowd.js";
import { costParts, measureCost } from "./records-cost.js";

const SILENT = pino({ level: "silent" });
const PAGE = 50;
/** A running engine writes for its calls this often. */
const EVERY_MS = 10;
const DAY_MS = 86_400_000;

/**
 * `--calls` in the database (1000000), of which one of `--copies` (50) is written and the others are its copies; `--asks` of each filter (200), `--seconds` of writes (20), `--rate` of the calls that
 * are recorded meanwhile (25). `--rounds` (3) of what records cost a running engine at that rate, of `--turn` seconds (20).
 */
export const records: Bench = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      calls: { type: "string", default: "1000000" },
      copies: { type: "string", default: "50" },
      asks: { type: "string", default: "200" },
      seconds: { type: "string", default: "20" },
      rate: { type: "string", default: "25" },
      rounds: { type: "string", default: "3" },
      turn: { type: "string", default: "20" },
    },
  });
  const calls = numberIn(values.calls);
  const [asks, seconds, rate] = [values.asks, values.seconds, values.rate].map((value) => numberIn(value));
  const cost = await measureCost(
    { rounds: numberIn(values.rounds, 0), seconds: numberIn(values.turn), rate: rate ?? 1 },
    say,
  );
  const folder = mkdtempSync(join(tmpdir(), "ringline-records-"));
  const path = join(folder, "ringline.db");
  const stores: Store[] = [];
  try {
    const store = await open(path, stores);
    const writeMs = await fill(store, calls, numberIn(values.copies), say);
    const bytes = statSync(path).size;
    say("calls are written");
    const lists = await measureLists(store, calls, asks ?? 1);
    const sums = await measureSums(store);
    say("asked");
    const waits = await measureWaits(store, path, { calls, seconds: seconds ?? 1, rate: rate ?? 1 }, say);
    const size = { megabytes: rounded(bytes / 1e6), bytesPerCall: Math.round(bytes / calls) };
    const json = { bench: "records", calls, writeMs: rounded(writeMs, 3), ...size, lists, sums, waits, cost };
    return { parts: [...costParts(cost), ...tablesOf(json)], json };
  } finally {
    for (const store of stores) await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

interface Measured {
  readonly calls: number;
  readonly writeMs: number;
  readonly megabytes: number;
  readonly bytesPerCall: number;
  readonly lists: Readonly<Record<string, Times>>;
  readonly sums: Readonly<Record<string, number>>;
  readonly waits: Readonly<Record<string, Times & { readonly done: number }>>;
}

interface Times {
  readonly median: number;
  readonly p99: number;
  readonly longest: number;
}

function timesOf(values: readonly number[]): Times {
  return {
    median: rounded(percentile(values, 0.5)),
    p99: rounded(percentile(values, 0.99)),
    longest: rounded(Math.max(...values)),
  };
}

async function open(path: string, stores: Store[]): Promise<Store> {
  const opened = await openStore(path, { isQuick: true });
  if (!opened.ok) throw new Error(opened.failure.reason);
  stores.push(opened.store);
  return opened.store;
}

/** What people ask for; `nth` makes each question another one. */
const QUESTIONS: Readonly<Record<string, (nth: number, calls: number) => CallFilter>> = {
  "no condition": () => ({}),
  "a whole number": (nth) => ({ number: callerNumber((nth * 7_919) % COMPANY.callers) }),
  "4 digits of a number": (nth) => ({ number: String(1_000 + ((nth * 7_919) % 9_000)) }),
  "3 digits of a number": (nth) => ({ number: String(100 + ((nth * 7_919) % 900)) }),
  "digits that no number has": (nth) => ({ number: `99999999${nth}` }),
  "number called": (nth) => ({ called: `+1212555${String(100 + (nth % COMPANY.numbers)).padStart(4, "0")}` }),
  user: (nth) => ({ user: `user${nth % COMPANY.users}` }),
  group: (nth) => ({ group: `group${nth % COMPANY.groups}` }),
  carrier: (nth) => ({ carrier: `carrier${nth % 2}` }),
  schedule: () => ({ about: "schedule:practice" }),
  missed: () => ({ result: "missed" }),
  "left a message": () => ({ result: "message" }),
  "in progress": () => ({ result: "live" }),
  "emergency calls, of which there are none": () => ({ isEmergency: true }),
  out: () => ({ direction: "out" }),
  "one day": (nth, calls) => {
    const fromMs = beganMs(Math.floor((calls * (nth % 360)) / 365), calls);
    return { fromMs, untilMs: fromMs + DAY_MS };
  },
  "missed by a user in a month": (nth, calls) => ({
    ...{
      user: `user${nth % COMPANY.users}`,
      result: "missed",
      untilMs: beganMs(Math.floor(calls / 2), calls),
    },
    fromMs: beganMs(Math.floor(calls / 2), calls) - 30 * DAY_MS,
  }),
  "messages from part of a number": (nth) => ({ number: String(100 + (nth % 900)), result: "message" }),
};

/** The first page of each question, and the page after it. */
async function measureLists(store: Store, calls: number, asks: number): Promise<Record<string, Times>> {
  const measured: Record<string, Times> = {};
  for (const [name, questionOf] of Object.entries(QUESTIONS)) {
    const times: number[] = [];
    for (let nth = 0; nth < asks; nth += 1) {
      const filter = questionOf(nth, calls);
      const startedMs = stopwatchMs();
      const { next } = await store.records.list(filter, { limit: PAGE });
      times.push(stopwatchMs() - startedMs);
      if (next === null) continue;
      const secondMs = stopwatchMs();
      await store.records.list(filter, { limit: PAGE, after: next });
      times.push(stopwatchMs() - secondMs);
    }
    measured[name] = timesOf(times);
  }
  return measured;
}

/** Everything `ringline stats` needs of a month, by each kind. */
async function measureSums(store: Store): Promise<Record<string, number>> {
  const days = { fromDay: "2026-03-01", untilDay: "2026-03-31" };
  const measured: Record<string, number> = {};
  for (const kind of SUM_KINDS) {
    const startedMs = stopwatchMs();
    await store.records.sums({ kind, ...days, by: ["name"] });
    await store.records.sums({ kind, ...days, by: ["day", "hour"] });
    await store.records.waits({ kind, ...days, by: ["name"] });
    measured[kind] = rounded(stopwatchMs() - startedMs);
  }
  return measured;
}

interface Load {
  readonly calls: number;
  readonly seconds: number;
  readonly rate: number;
}

/** How long the engine's own writes take, with the recorder's thread doing one thing after the other. */
async function measureWaits(store: Store, path: string, load: Load, say: (line: string) => void) {
  const day = Math.floor((systemClock.nowMs() - YEAR.fromMs) / DAY_MS);
  const measured: Record<string, Times & { done: number }> = {};
  const turns: readonly (readonly [string, RecordKeeping | null, number])[] = [
    ["alone", null, 0],
    [`while ${load.rate} calls a second are recorded`, { keepDays: null }, load.rate],
    ["while callers are taken out of old calls", { keepDays: null, anonymiseDays: 1 }, 0],
    ["while old calls are deleted", { keepDays: Math.max(1, day - 200) }, 0],
  ];
  for (const [name, keeping, rate] of turns) {
    if (keeping !== null) await setKeeping(store, keeping);
    measured[name] = await writesBeside(store, path, { ...load, rate }, keeping !== null);
    say(`engine's writes ${name}: measured`);
  }
  return measured;
}

async function setKeeping(store: Store, keeping: RecordKeeping): Promise<void> {
  const apply = {
    author: "bench",
    message: "",
    sourceHash: JSON.stringify(keeping),
    nowMs: systemClock.nowMs(),
  };
  await store.applyOffice(
    office([{ kind: "hangup", reason: "busy" }], { timezone: ZONE, records: keeping }),
    apply,
  );
}

async function writesBeside(store: Store, path: string, load: Load, isRecording: boolean) {
  const recorder = new Recorder({ clock: systemClock, ids: systemIds, log: SILENT });
  const folder = journalFolder(path);
  mkdirSync(folder, { recursive: true });
  const startedMs = systemClock.nowMs();
  if (isRecording) recorder.start({ db: path, folder, sinceMs: startedMs, redactNumbers: false });
  const file = join(folder, `${startedMs}-bench.jsonl`);
  const times: number[] = [];
  let begun = 0;
  while (systemClock.nowMs() - startedMs < load.seconds * 1_000) {
    const due = Math.floor(((systemClock.nowMs() - startedMs) * load.rate) / 1_000);
    if (begun < due) await appendFile(file, linesOf(load.calls + begun, due - begun));
    begun = Math.max(begun, due);
    const beforeMs = stopwatchMs();
    await store.writeLiveCalls({ engineId: "bench", saidMs: systemClock.nowMs(), calls: [], about: [] });
    times.push(stopwatchMs() - beforeMs);
    await sleep(EVERY_MS);
  }
  await recorder.finish(10_000, Number.POSITIVE_INFINITY);
  const { calls, deleted, anonymised } = recorder.figures;
  return { ...timesOf(times), done: calls + deleted + anonymised };
}

function linesOf(first: number, count: number): string {
  return Array.from({ length: count }, (_, nth) => madeCall(first + nth, systemClock.nowMs(), COMPANY))
    .flat()
    .map((happening) => `${JSON.stringify(happening)}\n`)
    .join("");
}

function tablesOf({ calls, writeMs, megabytes, bytesPerCall, lists, sums, waits }: Measured): Table[] {
  const times = ({ median, p99, longest }: Times) => [median, p99, longest].map((ms) => ms.toFixed(1));
  return [
    {
      heads: [`${calls} calls in the database`, ""],
      rows: [
        ["size, MB", megabytes.toFixed(0)],
        ["bytes a call", String(bytesPerCall)],
        ["writing a call, ms", writeMs.toFixed(2)],
      ],
    },
    {
      heads: [`a page of ${PAGE} calls, ms`, "median", "p99", "longest"],
      rows: Object.entries(lists).map(([name, each]) => [name, ...times(each)]),
    },
    {
      heads: ["statistics of a month by", "ms"],
      rows: Object.entries(sums).map(([kind, ms]) => [kind, ms.toFixed(1)]),
    },
    {
      heads: ["a write of the engine, ms", "median", "p99", "longest", "calls meanwhile"],
      rows: Object.entries(waits).map(([name, each]) => [name, ...times(each), String(each.done)]),
    },
  ];
}
