/**
 * Goal: what stands in journals is in the database exactly once, wherever a reader is cut off. Method: journals of several
 * engines are read while lines are still added to them; readers are dropped and replaced at any step, and the database
 * fails before or after a commit. A consumer counts every happening it is told of in the same transaction.
 */
import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mustOpen } from "../../fixtures/must-open.js";
import { callId, madeCall, SMALL_OFFICE } from "../../fixtures/records/made-calls.js";
import { recordOf } from "../../policy/record/fold.js";
import type { Happening, RecordEnding } from "../../policy/record/happening.js";
import { type Database, SqlError } from "../../storage/database.js";
import type { Store } from "../../storage/store.js";
import type { RecordConsumer } from "./consumers.js";
import { Ingest } from "./ingest.js";

const SILENT = pino({ level: "silent" });
const BEGAN = Date.UTC(2026, 10, 30, 17);
/** The engine that runs has begun its journal then. */
const SINCE = 5_000;

let folder: string;
let store: Store;
let opened: Store[];

beforeEach(async () => {
  opened = [];
  folder = mkdtempSync(join(tmpdir(), "ringline-ingest-"));
  store = await mustOpen(join(folder, "test.db"), opened);
});
afterEach(async () => {
  for (const one of opened) await one.close();
  rmSync(folder, { recursive: true });
});

function journal(startMs: number): string {
  return join(folder, `${startMs}-engine.jsonl`);
}

function ingest(consumers: readonly RecordConsumer[] = [], isOver = false): Ingest {
  return new Ingest({ store, folder, log: SILENT, consumers, sinceMs: SINCE, isOver: () => isOver });
}

async function readAll(reader = ingest()): Promise<void> {
  while (await reader.step());
}

/** Lines of several calls, in the order of time. */
function lines(calls: readonly number[]): Happening[] {
  return calls
    .flatMap((call) => madeCall(call, BEGAN + call * 700, SMALL_OFFICE))
    .sort((a, b) => a.atMs - b.atMs);
}

function textOf(happenings: readonly Happening[]): string {
  return happenings.map((happening) => `${JSON.stringify(happening)}\n`).join("");
}

async function isKept(calls: readonly number[]): Promise<void> {
  for (const call of calls)
    expect(await store.records.one(callId(call))).toEqual(
      recordOf(madeCall(call, BEGAN + call * 700, SMALL_OFFICE)),
    );
  const page = await store.records.list({}, { limit: 1_000 });
  expect(page.calls.length).toBe(calls.length);
  const sums = await store.records.sums({
    kind: "all",
    fromDay: "2026-01-01",
    untilDay: "2027-01-01",
    by: [],
  });
  expect(sums.reduce((sum, row) => sum + row.calls, 0)).toBe(calls.length);
}

describe("a journal", () => {
  it("is read as it grows, and its last line when it is whole", async () => {
    const text = textOf(lines([1, 2, 3]));
    const reader = ingest();
    for (let from = 0; from < text.length; from += 333) {
      appendFileSync(journal(SINCE), text.slice(from, from + 333));
      await readAll(reader);
    }
    await isKept([1, 2, 3]);
    expect(existsSync(journal(SINCE))).toBe(true);
  });

  it("is removed when it is read and its engine is gone, or has begun another one", async () => {
    writeFileSync(journal(1), textOf(lines([1])));
    writeFileSync(journal(2), `${textOf(lines([2]))}{"call":"torn by a ki`);
    writeFileSync(journal(SINCE), textOf(lines([3])));
    writeFileSync(journal(SINCE + 1), textOf(lines([4])));
    await readAll();
    await isKept([1, 2, 3, 4]);
    expect(readdirSync(folder).filter((name) => name.endsWith(".jsonl"))).toEqual([
      `${SINCE + 1}-engine.jsonl`,
    ]);
    expect([...(await store.recordTables.positions()).keys()]).toEqual([`${SINCE + 1}-engine.jsonl`]);
    await readAll(ingest([], true));
    expect(readdirSync(folder).filter((name) => name.endsWith(".jsonl"))).toEqual([]);
  });

  it.each([1, 2, 60])(
    "tells the end of a call that began in another database: no record of it (%d at once)",
    async (at) => {
      const end = (call: string, ending: RecordEnding): Happening => ({
        call,
        atMs: BEGAN,
        what: { kind: "ended", ending, side: "unknown", cause: null, isSeen: false },
      });
      const message = { kind: "message", box: "user:alice" } as const;
      const told = [end("elsewhere", { kind: "lost" }), end("elsewhere", message), end(callId(1), message)];
      const all = [...told, ...lines([1, 2])];
      const reader = ingest();
      for (let from = 0; from < all.length; from += at) {
        appendFileSync(journal(SINCE), textOf(all.slice(from, from + at)));
        await readAll(reader);
      }
      await isKept([1, 2]);
    },
  );

  it("with half of a character, or with a call that the database cannot keep, keeps no other call out", async () => {
    const began = (call: string, more: object) => {
      const [first] = madeCall(9, BEGAN, SMALL_OFFICE);
      return { ...first, call, what: { ...first?.what, ...more } } as Happening;
    };
    const bad = [began("half", { from: "+1\ud83d", called: "10\ud83d1" }), began("none", { called: null })];
    writeFileSync(journal(SINCE), textOf([...bad, ...lines([1, 2])]));
    await readAll();
    expect((await store.records.one("half"))?.from).toBe("+1\ufffd");
    expect(await store.records.one("none")).toBeUndefined();
    for (const call of [1, 2])
      expect(await store.records.one(callId(call))).toEqual(
        recordOf(madeCall(call, BEGAN + call * 700, SMALL_OFFICE)),
      );
  });

  it("of an earlier engine comes first, since the call went on in the later one", async () => {
    const all = madeCall(1, BEGAN + 700, SMALL_OFFICE);
    writeFileSync(journal(SINCE), textOf(all.slice(6)));
    writeFileSync(journal(900), textOf(all.slice(0, 3)));
    writeFileSync(journal(4_000), textOf(all.slice(3, 6)));
    await readAll();
    await isKept([1]);
  });

  it("with lines that nobody can read gives the others", async () => {
    const [first = "", ...rest] = textOf(lines([1])).split(/(?<=\n)/);
    const strange = [
      "no json\n",
      "[]\n",
      '{"call":1}\n',
      "\n",
      '{"call":"x","atMs":"now","what":{"kind":"y"}}\n',
    ];
    writeFileSync(journal(1), [first, ...strange, ...rest].join(""));
    const reader = ingest();
    await readAll(reader);
    await isKept([1]);
    expect(reader.figures.unreadable).toBe(4);
  });

  it("with a line without end is not read for ever", async () => {
    writeFileSync(journal(1), `${"x".repeat(3_000_000)}\n${textOf(lines([1]))}`);
    await readAll();
    await isKept([1]);
  });

  it("of a later release is kept with what this one does not know", async () => {
    const [first, ...rest] = lines([1]);
    const strange = { ...first, what: { kind: "beamed", to: "the moon" } };
    writeFileSync(journal(1), `${textOf(lines([1]).slice(0, 1))}${JSON.stringify(strange)}\n${textOf(rest)}`);
    await readAll();
    expect((await store.records.one(callId(1)))?.happenings[1]?.what).toEqual({
      kind: "beamed",
      to: "the moon",
    });
  });

  it("that is not there has nothing to read", async () => {
    expect(
      await new Ingest({
        store,
        folder: join(folder, "none"),
        log: SILENT,
        consumers: [],
        sinceMs: SINCE,
      }).step(),
    ).toBe(false);
  });
});

describe("exactly once", () => {
  /** What a reader goes through between two steps. */
  const blow = fc.constantFrom("none", "none", "killed", "fails before", "fails after", "second reader");

  it("whatever happens to readers and to the database", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(200), { minLength: 1, maxLength: 12 }),
        fc.array(blow, { maxLength: 12 }),
        async (calls, blows) => {
          for (const name of readdirSync(folder)) if (name.endsWith(".jsonl")) rmSync(join(folder, name));
          store = await mustOpen(":memory:", opened);
          const all = lines(calls);
          const cut = Math.floor(all.length / 2);
          writeFileSync(journal(1), textOf(all.slice(0, cut)));
          writeFileSync(journal(SINCE), textOf(all.slice(cut)));
          await readThrough(blows);
          await isKept(calls);
          const told = await given?.get<{ n: number }>("SELECT sum(n) AS n FROM told");
          expect(told?.n).toBe(all.length);
        },
      ),
      { numRuns: 25 },
    );
  });

  async function readThrough(blows: readonly string[]): Promise<void> {
    const write = store.recordTables.write.bind(store.recordTables);
    let next: string = "none";
    // Commits, or not, and fails.
    store.recordTables.write = async (...args) => {
      const now = next;
      next = "none";
      if (now === "fails before") throw busy();
      await write(...args);
      if (now === "fails after") throw busy();
    };
    let readers = [ingest([counting])];
    let idle = 0;
    for (let nth = 0; nth < blows.length || idle < readers.length; nth += 1) {
      const what = blows[nth] ?? "none";
      if (what === "killed") readers = [ingest([counting])];
      else if (what === "second reader") readers = [...readers, ingest([counting])];
      else next = what;
      const reader = readers[nth % readers.length];
      const hadSome = await reader?.step().catch((error: unknown) => {
        if (!(error instanceof SqlError)) throw error;
      });
      idle = hadSome === false ? idle + 1 : 0;
    }
    store.recordTables.write = write;
  }

  /** The database, as the consumer was given it. */
  let given: Database | undefined;
  /** Counts in a table of its own, in the same transaction. */
  const counting: RecordConsumer = {
    written: async (database, changes) => {
      given = database;
      await database.run("CREATE TABLE IF NOT EXISTS told (n INTEGER)");
      await database.run("INSERT INTO told (n) VALUES (?)", [
        changes.reduce((sum, { news }) => sum + news.length, 0),
      ]);
    },
  };

  function busy(): SqlError {
    return new SqlError(Object.assign(new Error("locked"), { code: "SQLITE_BUSY" }));
  }
});

describe("a consumer", () => {
  it("that makes a mistake keeps no call from being recorded", async () => {
    writeFileSync(journal(1), textOf(lines([1, 2])));
    const told: string[] = [];
    const failing: RecordConsumer = {
      written: () => Promise.reject(new Error("a mistake")),
      committed: () => {
        throw new Error("another mistake");
      },
    };
    const good: RecordConsumer = {
      committed: (changes) => void told.push(...changes.map(({ after }) => after.id)),
    };
    await readAll(ingest([failing, good]));
    await isKept([1, 2]);
    expect(new Set(told)).toEqual(new Set([callId(1), callId(2)]));
  });

  it("is told what was before, what is now, and what is new", async () => {
    const all = lines([1]);
    const reader = ingest([
      {
        written: async (_database, changes) => {
          for (const { before, after, news } of changes)
            expect(after).toEqual(recordOf([...(before?.happenings ?? []), ...news]));
        },
      },
    ]);
    for (const happening of all) {
      appendFileSync(journal(SINCE), textOf([happening]));
      await readAll(reader);
    }
    await isKept([1]);
  });
});
