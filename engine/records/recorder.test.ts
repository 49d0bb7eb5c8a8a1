/**
 * Goal: the recorder never touches calls: a thread that dies is started again, the engine's end waits for it a while only,
 * and everything that was written before is recorded by then. Method: a virtual clock with threads that a test lets live and
 * die; then the thread's body on real files, in this thread.
 */
import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mustOpen } from "../../fixtures/must-open.js";
import { callId, madeCall, SMALL_OFFICE } from "../../fixtures/records/made-calls.js";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import { recordOf } from "../../policy/record/fold.js";
import { SqlError } from "../../storage/database.js";
import type { Store } from "../../storage/store.js";
import { systemClock } from "../clock.js";
import { systemIds } from "../ids.js";
import { Recorder, type ThreadEvents } from "./recorder.js";
import type { RecorderAsks, RecorderData } from "./recorder-messages.js";
import { Recording, type RecordingState } from "./recording.js";

const DATA: RecorderData = { db: "x.db", folder: "x.db.calls", sinceMs: 5, redactNumbers: false };
const STATE: RecordingState = {
  ...{ happenings: 7, calls: 2, unreadable: 0, failures: 0, deleted: 0, anonymised: 0, caughtUpMs: 0 },
};

describe("the engine's side", () => {
  let clock: VirtualClock;
  let threads: { events: ThreadEvents; asked: RecorderAsks["kind"][]; isLeft: boolean }[];
  let logged: string[];
  let helpMailed: number;
  let recorder: Recorder;

  beforeEach(() => {
    clock = new VirtualClock(1_000_000);
    threads = [];
    logged = [];
    helpMailed = 0;
    const log = pino({ base: null }, { write: (line) => void logged.push(line) });
    recorder = new Recorder({
      ...{ clock, ids: systemIds, log },
      onHelpMailed: () => {
        helpMailed += 1;
      },
      start: (_data, events) => {
        const thread = { events, asked: [] as RecorderAsks["kind"][], isLeft: false };
        threads.push(thread);
        return {
          ask: ({ kind }) => void thread.asked.push(kind),
          leave: () => {
            thread.isLeft = true;
          },
        };
      },
    });
    recorder.start(DATA);
  });

  it("starts a thread that dies again, later each time, and sooner once one has caught up", () => {
    const waits: number[] = [];
    for (let nth = 0; nth < 4; nth += 1) {
      threads.at(-1)?.events.ended(new Error("died"));
      const before = clock.nowMs();
      while (threads.length === nth + 1) clock.advanceTo(clock.nowMs() + 50);
      waits.push(clock.nowMs() - before);
    }
    expect(waits[3]).toBeGreaterThan(3 * (waits[0] ?? 0));
    expect(recorder.figures.deaths).toBe(4);
    threads.at(-1)?.events.says({ kind: "state", state: { ...STATE, caughtUpMs: clock.nowMs() } });
    threads.at(-1)?.events.ended(undefined);
    clock.advanceTo(clock.nowMs() + 1_000);
    expect(threads.length).toBe(6);
  });

  it("hands on at once that mails about a call for help are to be sent", () => {
    threads[0]?.events.says({ kind: "help_mailed" });
    expect(helpMailed).toBe(1);
  });

  it("counts what threads did that have died", () => {
    threads[0]?.events.says({ kind: "state", state: STATE });
    threads[0]?.events.ended(new Error("died"));
    clock.advanceTo(clock.nowMs() + 1_000);
    threads[1]?.events.says({ kind: "state", state: STATE });
    expect(recorder.figures).toMatchObject({ happenings: 14, calls: 4, deaths: 1 });
  });

  it("says how far it is behind", () => {
    expect(recorder.figures.lagMs).toBe(0);
    clock.advanceTo(clock.nowMs() + 60_000);
    expect(recorder.figures.lagMs).toBe(60_000);
    threads[0]?.events.says({ kind: "state", state: { ...STATE, caughtUpMs: clock.nowMs() } });
    expect(recorder.figures.lagMs).toBe(0);
  });

  it("asks the next thread what the one that died has not answered", async () => {
    const unfinished = recorder.unfinished();
    expect(threads[0]?.asked).toEqual(["unfinished"]);
    threads[0]?.events.ended(new Error("died"));
    clock.advanceTo(clock.nowMs() + 1_000);
    expect(threads[1]?.asked).toEqual(["unfinished"]);
    threads[1]?.events.says({ kind: "unfinished", ids: ["a"] });
    expect(await unfinished).toEqual(["a"]);
  });

  it("ends when the thread has read everything", async () => {
    const finished = recorder.finish(5_000, Number.POSITIVE_INFINITY);
    expect(threads[0]?.asked).toEqual(["finish"]);
    threads[0]?.events.ended(undefined);
    await finished;
    clock.advanceTo(clock.nowMs() + 60_000);
    expect(threads.length).toBe(1);
  });

  it("ends without a thread that takes too long, and one that is dead", async () => {
    const finished = recorder.finish(5_000, Number.POSITIVE_INFINITY);
    clock.advanceTo(clock.nowMs() + 5_000);
    await finished;
    expect(threads[0]).toMatchObject({ asked: ["finish", "stop"], isLeft: true });
    expect(logged.join("")).toContain("recorded by the next engine");
  });

  it("does not start a thread again when it is to end", async () => {
    threads[0]?.events.ended(new Error("died"));
    await recorder.finish(5_000, Number.POSITIVE_INFINITY);
    clock.advanceTo(clock.nowMs() + 60_000);
    expect(threads.length).toBe(1);
  });

  it("logs what the thread logs", () => {
    threads[0]?.events.says({
      kind: "log",
      line: '{"level":50,"time":1,"call":"c1","msg":"cannot be recorded"}',
    });
    expect(JSON.parse(logged.at(-1) ?? "")).toMatchObject({
      level: 50,
      call: "c1",
      msg: "cannot be recorded",
    });
  });
});

describe("the thread's side", () => {
  let folder: string;
  let store: Store;
  let opened: Store[];

  beforeEach(async () => {
    opened = [];
    folder = mkdtempSync(join(tmpdir(), "ringline-recorder-"));
    store = await mustOpen(join(folder, "test.db"), opened);
  });
  afterEach(async () => {
    for (const one of opened) await one.close();
    rmSync(folder, { recursive: true });
  });

  const text = (call: number) =>
    madeCall(call, Date.UTC(2026, 10, 1), SMALL_OFFICE)
      .map((line) => `${JSON.stringify(line)}\n`)
      .join("");

  it("has recorded everything when the engine ends, and leaves no file", async () => {
    const log = pino({ level: "silent" });
    const recorder = new Recorder({ clock: systemClock, ids: systemIds, log });
    recorder.start({ db: store.path, folder, sinceMs: 5, redactNumbers: false });
    writeFileSync(join(folder, "1-earlier.jsonl"), text(1));
    writeFileSync(join(folder, "5-mine.jsonl"), text(2).slice(0, 900));
    expect(await recorder.unfinished()).toContain(callId(2));
    appendFileSync(join(folder, "5-mine.jsonl"), text(2).slice(900));
    await recorder.finish(20_000, Number.POSITIVE_INFINITY);
    for (const call of [1, 2])
      expect(await store.records.one(callId(call))).toEqual(
        recordOf(madeCall(call, Date.UTC(2026, 10, 1), SMALL_OFFICE)),
      );
    expect(readdirSync(folder).filter((name) => name.endsWith(".jsonl"))).toEqual([]);
    expect(recorder.figures).toMatchObject({ deaths: 0, unreadable: 0 });
  });

  it("leaves the next engine's journal alone, which carries the calls while the rest is recorded", async () => {
    const log = pino({ level: "silent" });
    const recorder = new Recorder({ clock: systemClock, ids: systemIds, log });
    recorder.start({ db: store.path, folder, sinceMs: 5, redactNumbers: false });
    writeFileSync(join(folder, "5-mine.jsonl"), text(1));
    writeFileSync(join(folder, "6-mine.jsonl"), text(2));
    writeFileSync(join(folder, "7-next.jsonl"), "");
    await recorder.finish(20_000, 6);
    expect(readdirSync(folder).filter((name) => name.endsWith(".jsonl"))).toEqual(["7-next.jsonl"]);
    for (const call of [1, 2]) expect(await store.records.one(callId(call))).toBeDefined();
  });

  it("says once that calls cannot be recorded, and once that they can again, though old ones can be swept", async () => {
    const clock = new VirtualClock(Date.UTC(2026, 10, 1));
    const said: string[] = [];
    const log = pino({ base: null }, { write: (line) => void said.push(JSON.parse(line).msg) });
    writeFileSync(join(folder, "1-earlier.jsonl"), text(1));
    let failures = 0;
    const written = async () => {
      failures += 1;
      if (failures <= 12) throw new SqlError(Object.assign(new Error("full"), { code: "SQLITE_FULL" }));
    };
    const recording = new Recording({
      ...{ store, folder, sinceMs: 5, clock, log },
      consumers: [{ written }],
    });
    const run = recording.run();
    const beganMs = clock.nowMs();
    for (let nth = 0; nth < 100_000 && recording.state.caughtUpMs === 0; nth += 1) {
      await store.records.lastChange();
      if (clock.pending > 0) clock.advanceBy(50);
    }
    expect(said).toEqual([
      "calls cannot be recorded now; nothing is lost, and it is tried again",
      "calls are recorded again",
    ]);
    // The waits grow.
    expect(clock.nowMs() - beganMs).toBeGreaterThan(60_000);
    recording.stop();
    let isOver = false;
    void run.then(() => {
      isOver = true;
    });
    for (let nth = 0; nth < 1_000 && !isOver; nth += 1) {
      await store.records.lastChange();
      if (clock.pending > 0) clock.advanceBy(50);
    }
    expect(isOver).toBe(true);
  });

  it("deletes and anonymises what is due by the office's settings, step by step", async () => {
    const clock = new VirtualClock(Date.UTC(2026, 10, 1));
    const name = join(folder, "1-earlier.jsonl");
    writeFileSync(name, Array.from({ length: 60 }, (_, call) => text(call)).join(""));
    const settings = { timezone: "UTC", records: { keepDays: 30, anonymiseDays: 10 } };
    const deps = { store, folder, sinceMs: 5, clock, log: pino({ level: "silent" }), consumers: [] };
    store.settings = async () => settings as unknown as Awaited<ReturnType<Store["settings"]>>;
    const recording = new Recording(deps);
    const run = recording.run();
    /** Lets time pass until something is as it should be. */
    const until = async (isSo: () => boolean) => {
      for (let nth = 0; nth < 1_000_000 && !isSo(); nth += 1) {
        // Files and database take real time, in which the recording waits for no timer.
        await store.records.lastChange();
        if (clock.pending > 0) clock.advanceBy(50);
      }
      expect(isSo()).toBe(true);
    };
    await until(() => recording.state.caughtUpMs > 0);
    expect(recording.state).toMatchObject({ deleted: 0, anonymised: 0 });
    clock.advanceTo(clock.nowMs() + 11 * 86_400_000);
    await until(() => recording.state.anonymised === 60);
    const { calls } = await store.records.list({ direction: "in" }, { limit: 100 });
    expect(calls.length).toBeGreaterThan(20);
    expect(calls.filter(({ from, name }) => from !== "" || name !== "")).toEqual([]);
    clock.advanceTo(clock.nowMs() + 20 * 86_400_000);
    await until(() => recording.state.deleted === 60);
    expect((await store.records.list({}, { limit: 100 })).calls).toEqual([]);
    recording.finish(Number.POSITIVE_INFINITY);
    let isOver = false;
    void run.then(() => {
      isOver = true;
    });
    await until(() => isOver);
  });
});
