/** `/ready` tries each part, and says what is wrong with the one that is not ready, in time, whatever hangs. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newStore } from "../../fixtures/new-store.js";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import { Database } from "../../storage/database.js";
import { type Disk, LOADED_WITHIN_MS, ReadinessLook, readyText } from "./readiness.js";

const clock = new VirtualClock(1_700_000_000_000);
const ample: Disk = { freeBytes: async () => 5e9, write: async () => {} };
let situation = {
  isConnected: true,
  revision: 7,
  applied: async (): Promise<number> => 7,
  write: async (): Promise<void> => {},
  disk: ample,
  isJournalFailing: false,
};
const look = () =>
  new ReadinessLook({
    clock,
    isConnected: () => situation.isConnected,
    revision: () => situation.revision,
    askDatabase: () => situation.applied(),
    tryToWrite: () => situation.write(),
    folders: { database: "/data", messages: "/messages" },
    disk: situation.disk,
    isJournalFailing: () => situation.isJournalFailing,
    name: "engine-1",
  });
const READY = { switch: null, office: null, disk: null, database: null };

beforeEach(() => {
  situation = {
    isConnected: true,
    revision: 7,
    applied: async () => 7,
    write: async () => {},
    disk: ample,
    isJournalFailing: false,
  };
});

function failing(code: string): () => Promise<never> {
  return () => Promise.reject(Object.assign(new Error(`${code}: no, open '/data/secret'`), { code }));
}

describe("readiness", () => {
  it("is there while every part is", async () => {
    const found = await look().look();
    expect(found).toEqual({ problems: READY, freeBytes: { database: 5e9, messages: 5e9 } });
    expect(readyText(found).isReady).toBe(true);
  });

  it.each<[string, Partial<typeof situation>, Partial<Record<keyof typeof READY, string>>]>([
    ["the switch is away", { isConnected: false }, { switch: "not connected to the switch" }],
    ["no office was applied", { revision: 0, applied: async () => 0 }, { office: "no office is applied" }],
    [
      "the database cannot be read",
      { applied: failing("SQLITE_CORRUPT") },
      { database: "the database does not answer: SQLITE_CORRUPT" },
    ],
    [
      "nothing can be written to the database",
      { write: failing("SQLITE_READONLY") },
      { database: "nothing can be written to the database: SQLITE_READONLY" },
    ],
    [
      "the disk is full",
      { disk: { ...ample, freeBytes: async () => 12_345_678 } },
      {
        disk: "the folder of the database: 12 MB left, 100 MB are needed; the folder of messages: 12 MB left, 100 MB are needed",
      },
    ],
    [
      "one folder may not be written",
      {
        disk: {
          ...ample,
          write: (folder) => (folder === "/messages" ? failing("EROFS")() : Promise.resolve()),
        },
      },
      { disk: "the folder of messages: cannot be written: EROFS" },
    ],
    ["call records wait", { isJournalFailing: true }, { disk: "call records cannot be written, and wait" }],
    [
      "a folder is gone",
      { disk: { ...ample, freeBytes: failing("ENOENT") } },
      {
        disk: "the folder of the database: cannot be written: ENOENT; the folder of messages: cannot be written: ENOENT",
      },
    ],
  ])("is not when %s, and says so", async (_what, changed, problems) => {
    situation = { ...situation, ...changed };
    const found = await look().look();
    expect(found.problems).toEqual({ ...READY, ...problems });
    expect(readyText(found).isReady).toBe(false);
    // Everybody who reaches the port may read it.
    expect(readyText(found).text).not.toContain("secret");
  });

  it("does not wait for a database or a disk that hangs", async () => {
    const never = () => new Promise<never>(() => {});
    situation = { ...situation, applied: never, disk: { ...ample, freeBytes: never } };
    let found: Awaited<ReturnType<ReadinessLook["look"]>> | undefined;
    void look()
      .look()
      .then((looked) => {
        found = looked;
      });
    for (let n = 0; n < 10 && found === undefined; n += 1) {
      clock.advanceBy(2_000);
      // What waits for the timers goes on in steps of its own.
      for (let step = 0; step < 20; step += 1) await Promise.resolve();
    }
    expect(found?.problems.database).toBe("the database does not answer in time");
    expect(found?.problems.disk).toContain("the folder of messages: the disk does not answer in time");
  });

  it("says that another program keeps the database locked, although it can be read", async () => {
    const path = join(mkdtempSync(join(tmpdir(), "ringline-locked-")), "test.db");
    const store = await newStore(path);
    const other = await Database.open(path, true);
    situation = { ...situation, write: () => store.tryToWrite() };
    expect((await look().look()).problems).toEqual(READY);
    await other.transaction(async () => {
      const looking = look().look();
      // What answers does so before the time is over.
      for (let step = 0; step < 20; step += 1) await Promise.resolve();
      clock.advanceBy(2_000);
      expect((await looking).problems).toEqual({
        ...READY,
        database: "nothing can be written to the database: another program keeps it locked",
      });
    });
    expect((await look().look()).problems).toEqual(READY);
    await Promise.all([store.close(), other.close()]);
    rmSync(dirname(path), { recursive: true });
  });

  it("waits a while for a new revision to be loaded, and then says that it is not", async () => {
    const readiness = look();
    situation = { ...situation, applied: async () => 8 };
    expect((await readiness.look()).problems.office).toBe(null);
    clock.advanceBy(LOADED_WITHIN_MS);
    expect((await readiness.look()).problems.office).toBe(
      "revision 8 is applied, and new calls still get revision 7",
    );
    situation = { ...situation, revision: 8 };
    clock.advanceBy(1_000);
    expect((await readiness.look()).problems).toEqual(READY);
  });

  it("asks once a second, however often it is asked", async () => {
    let asked = 0;
    const count = async () => {
      asked += 1;
      return 7;
    };
    situation = { ...situation, applied: () => count() };
    const readiness = look();
    for (let n = 0; n < 20; n += 1) await readiness.look();
    expect(asked).toBe(1);
    clock.advanceBy(1_000);
    await readiness.look();
    expect(asked).toBe(2);
  });
});

describe("a real disk", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ringline-ready-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is tried by a file that is removed again", async () => {
    const readiness = (database: string) =>
      new ReadinessLook({
        clock,
        isConnected: () => true,
        revision: () => 7,
        askDatabase: async () => 7,
        tryToWrite: async () => {},
        folders: { database },
        name: "engine-1",
      });
    const found = await readiness(folder).look();
    expect(found.freeBytes.database).toBeGreaterThan(0);
    expect(found.problems.disk === null || found.problems.disk.includes("MB left")).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
    const gone = join(folder, "gone");
    expect(existsSync(gone)).toBe(false);
    expect((await readiness(gone).look()).problems.disk).toBe(
      "the folder of the database: cannot be written: ENOENT",
    );
  });
});
