/**
 * Goal: no line of the journal is lost, doubled or torn while the engine lives, and calls never wait for it. Method: real
 * files in a folder of the test, and a disk that is slow, full, or takes a part of what it is given.
 */
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { madeCall, SMALL_OFFICE } from "../../fixtures/records/made-calls.js";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import type { Happening } from "../../policy/record/happening.js";
import { Journal, type JournalDeps, type JournalFiles } from "./journal.js";

const STARTED_MS = 1_700_000_000_000;

function key(n: number): Happening {
  return { call: "c1", atMs: STARTED_MS + n, what: { kind: "digits", leg: null, digits: String(n) } };
}

function began(call: string): Happening {
  const [first] = madeCall(1, STARTED_MS, SMALL_OFFICE);
  if (first?.what.kind !== "began") throw new Error("a made call begins");
  return { ...first, call };
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

describe("the journal on a disk", () => {
  let folder = "";
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), "ringline-journal-")), "ringline.db.calls");
  });
  afterEach(() => rm(join(folder, ".."), { recursive: true, force: true }));

  const make = (more: Partial<JournalDeps> = {}) =>
    new Journal({
      folder,
      engineId: "eng/1",
      clock: new VirtualClock(STARTED_MS),
      log: pino({ level: "silent" }),
      ...more,
    });

  it("has every line in order, for nobody else to read", async () => {
    const journal = make();
    for (let n = 0; n < 1_000; n += 1) journal.happened(key(n));
    await journal.close();
    expect(await readdir(folder)).toEqual([`${STARTED_MS}-eng_1.jsonl`]);
    const path = join(folder, `${STARTED_MS}-eng_1.jsonl`);
    const lines = linesOf(await readFile(path, "utf8"));
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
      Array.from({ length: 1_000 }, (_none, n) => key(n)),
    );
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(journal.figures).toEqual({
      written: 1_000,
      waiting: 0,
      waitingBytes: 0,
      dropped: 0,
      isFailing: false,
    });
  });

  it("makes no file before it is opened or has a line", async () => {
    const journal = make();
    expect(journal.file).toBeNull();
    await journal.close();
    await expect(readdir(folder)).rejects.toThrow("ENOENT");
    const opened = make();
    opened.open();
    await opened.close();
    expect(await readdir(folder)).toEqual([`${opened.engine}.jsonl`]);
  });

  it("begins another file when one is full, whose name is a later one at the same moment, too", async () => {
    for (let run = 0; run < 3; run += 1) {
      const journal = make({ bytesMax: { file: 100, waiting: 10_000 } });
      for (let n = 0; n < 4; n += 1) journal.happened(key(n));
      await journal.close();
    }
    expect((await readdir(folder)).sort()).toEqual([0, 1, 2].map((n) => `${STARTED_MS + n}-eng_1.jsonl`));
  });

  it("is the last one by its name, also when the machine's clock was put back", async () => {
    const clock = new VirtualClock(STARTED_MS);
    const before = make({ clock, bytesMax: { file: 100, waiting: 10_000 } });
    before.happened(key(0));
    await before.close();
    const after = make({ clock: new VirtualClock(STARTED_MS - 3_600_000) });
    after.open();
    expect(after.engine).toBe(`${STARTED_MS + 1}-eng_1`);
    await after.close();
    expect((await readdir(folder)).sort().at(-1)).toBe(`${after.engine}.jsonl`);
  });

  it("names its run after the moment at which it was used first", async () => {
    const clock = new VirtualClock(STARTED_MS);
    const journal = make({ clock });
    clock.advanceBy(5_000);
    expect(journal.engine).toBe(`${STARTED_MS + 5_000}-eng_1`);
    clock.advanceBy(5_000);
    expect(journal.engine).toBe(`${STARTED_MS + 5_000}-eng_1`);
  });
});

/** A disk that answers when the test lets it, and as the test says. */
class SlowDisk implements JournalFiles {
  readonly written = new Map<string, string>();
  readonly names: string[] = [];
  /** What becomes of each write; left out: all of it is taken. */
  fate: (bytes: number) => { readonly takes: number; readonly error?: string } = (takes) => ({ takes });
  opens = true;
  writes = 0;
  readonly #answers: Array<() => void> = [];

  folder(_path: string, done: (error: Error | null) => void): void {
    this.#answers.push(() => done(null));
  }

  list(): readonly string[] {
    return [];
  }

  open(path: string, done: (error: NodeJS.ErrnoException | null, file: number) => void): void {
    this.#answers.push(() => {
      if (!this.opens) done(Object.assign(new Error("EACCES"), { code: "EACCES" }), -1);
      else done(null, this.names.push(path) - 1);
    });
  }

  write(
    file: number,
    bytes: Buffer,
    from: number,
    done: (error: Error | null, written: number) => void,
  ): void {
    this.writes += 1;
    this.#answers.push(() => {
      const { takes, error } = this.fate(bytes.length - from);
      const name = this.names[file] ?? "";
      const text = bytes.subarray(from, from + takes).toString();
      this.written.set(name, (this.written.get(name) ?? "") + text);
      done(error === undefined ? null : new Error(error), takes);
    });
  }

  close(_file: number, done: (error: null) => void): void {
    this.#answers.push(() => done(null));
  }

  answer(): void {
    for (let next = this.#answers.shift(); next !== undefined; next = this.#answers.shift()) next();
  }

  get text(): string {
    return [...this.written.values()].join("");
  }
}

describe("a disk that is slow or full", () => {
  function stage(bytesMax = { file: 1_000_000, waiting: 1_000_000 }) {
    const clock = new VirtualClock(STARTED_MS);
    const disk = new SlowDisk();
    const logged: string[] = [];
    const log = pino(
      { base: null },
      { write: (line) => logged.push((JSON.parse(line) as { msg: string }).msg) },
    );
    const journal = new Journal({ folder: "/calls", engineId: "e", clock, log, files: disk, bytesMax });
    const pass = (ms: number) => {
      const untilMs = clock.nowMs() + ms;
      for (; clock.nowMs() < untilMs; clock.advanceBy(10)) disk.answer();
      disk.answer();
    };
    const keys = () => linesOf(disk.text).map((line) => (JSON.parse(line) as Happening).atMs - STARTED_MS);
    return { clock, disk, journal, pass, keys, logged };
  }

  it("takes in one write what came during the last one", () => {
    const { journal, disk, pass, clock } = stage();
    journal.happened(key(0));
    pass(100);
    expect(disk.writes).toBe(1);
    for (let n = 1; n < 500; n += 1) journal.happened(key(n));
    clock.advanceBy(1_000);
    for (let n = 500; n < 900; n += 1) journal.happened(key(n));
    expect(disk.writes).toBe(2);
    pass(100);
    expect(disk.writes).toBe(3);
    expect(linesOf(disk.text)).toHaveLength(900);
  });

  it("lets the beginning of a call wait for some milliseconds, and other lines longer", () => {
    const { journal, disk, clock, pass } = stage();
    journal.happened(key(0));
    pass(100);
    const writesIn = (ms: number) => {
      const before = disk.writes;
      for (let passed = 0; passed < ms; passed += 1) {
        clock.advanceBy(1);
        disk.answer();
      }
      return disk.writes - before;
    };
    journal.happened(key(1));
    expect(writesIn(1)).toBe(1);
    journal.happened(key(2));
    expect(writesIn(20)).toBe(0);
    journal.happened(began("c2"));
    journal.happened(key(3));
    expect(writesIn(1)).toBe(1);
    expect(linesOf(disk.text)).toHaveLength(5);
    // Calls that begin all at once: a write every few milliseconds, and all is written.
    const before = disk.writes;
    for (let call = 0; call < 100; call += 1) {
      journal.happened(began(`c${call}`));
      writesIn(1);
    }
    expect(disk.writes - before).toBeGreaterThan(15);
    expect(disk.writes - before).toBeLessThanOrEqual(21);
    writesIn(6);
    expect(linesOf(disk.text)).toHaveLength(105);
    // What is found at a takeover was written before.
    journal.happened({ ...began("c1"), isFound: true });
    expect(writesIn(40)).toBe(0);
  });

  it("that fails is not tried more often since calls begin", () => {
    const { journal, disk, clock } = stage();
    disk.fate = () => ({ takes: 0, error: "ENOSPC" });
    for (let call = 0; call < 3_000; call += 1) {
      journal.happened(began(`c${call}`));
      clock.advanceBy(1);
      disk.answer();
    }
    expect(disk.writes).toBeLessThan(5);
  });

  it.each([
    ["takes a part", (bytes: number) => ({ takes: Math.max(1, Math.floor(bytes / 3)) })],
    ["is full after a part", (bytes: number) => ({ takes: Math.floor(bytes / 2), error: "ENOSPC" })],
    ["is full", () => ({ takes: 0, error: "ENOSPC" })],
  ])("that %s tears and loses no line", (_what, fate) => {
    const { journal, disk, pass, keys } = stage();
    disk.fate = fate;
    for (let n = 0; n < 50; n += 1) {
      journal.happened(key(n));
      pass(300);
    }
    disk.fate = (takes) => ({ takes });
    pass(3_000);
    expect(keys()).toEqual(Array.from({ length: 50 }, (_none, n) => n));
    expect(journal.figures).toMatchObject({ written: 50, waitingBytes: 0, dropped: 0, isFailing: false });
  });

  it("is said once when it fails, and once when it is well again", () => {
    const { journal, disk, pass, logged } = stage();
    disk.opens = false;
    journal.happened(key(0));
    pass(5_000);
    expect(journal.figures.isFailing).toBe(true);
    disk.opens = true;
    pass(2_000);
    expect(logged).toEqual([
      "the journal of calls cannot be written; calls go on, and its lines wait",
      "the journal of calls is written again",
    ]);
  });

  it("lets a bounded number of lines wait, and counts what is left out", () => {
    const { journal, disk, pass, keys } = stage({ file: 1_000_000, waiting: 1_000 });
    disk.opens = false;
    for (let n = 0; n < 100; n += 1) journal.happened(key(n));
    const { waitingBytes, dropped } = journal.figures;
    expect(waitingBytes).toBeLessThanOrEqual(1_000);
    expect(dropped).toBeGreaterThan(80);
    disk.opens = true;
    pass(2_000);
    expect(keys()).toEqual(Array.from({ length: 100 - dropped }, (_none, n) => n));
  });

  it("does not keep an engine that ends", async () => {
    const { journal, clock, logged } = stage();
    journal.happened(key(0));
    let isClosed = false;
    void journal.close().then(() => {
      isClosed = true;
    });
    clock.advanceBy(2_000);
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    expect(isClosed).toBe(true);
    expect(logged).toContain("the last lines of the journal were not written");
  });
});
