/**
 * Goal: every applied revision can be loaded for ever; a failed apply changes nothing; an unusable file is refused with
 * a reason. Method: real databases in a folder of their own, random offices.
 */

import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EMPTY_OFFICE as EMPTY } from "../fixtures/empty-office.js";
import { officeArbitrary } from "../fixtures/offices/arbitrary.js";
import { countChanges } from "../policy/office/entities.js";
import type { NumberEntry, Office } from "../policy/office/office.js";
import { RoutingTable } from "../policy/routing/table.js";
import type { Apply } from "./apply.js";
import { Database, SqlError } from "./database.js";
import { APPLICATION_ID, migrationsFolder } from "./migrate.js";
import { PAGE_ROWS } from "./read.js";
import {
  CHANGES_MAX,
  describeFailure,
  openStore,
  type Store,
  type StoreFailure,
  useFailure,
} from "./store.js";

const HOW: Apply = { author: "ann", message: "a test", sourceHash: "00ff", nowMs: 1_700_000_000_000 };

let folder: string;
let files = 0;
const open: Store[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringline-store-"));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((store) => store.close()));
  rmSync(folder, { recursive: true });
});

function newPath(): string {
  files += 1;
  return join(folder, `${files}.db`);
}

async function mustOpen(path: string): Promise<Store> {
  const opened = await openStore(path, { checkIntegrity: true });
  if (!opened.ok) throw new Error(describeFailure(path, opened.failure));
  open.push(opened.store);
  return opened.store;
}

async function mustFail(path: string, mustExist = false): Promise<string> {
  const opened = await openStore(path, { mustExist, checkIntegrity: true });
  if (opened.ok) throw new Error("the store opened");
  return opened.failure.reason;
}

/** `count` numbers that lead nowhere. */
function numbers(count: number, label: string): NumberEntry[] {
  return Array.from({ length: count }, (_, index) => ({
    number: `+1${2_125_000_000 + index}`,
    label,
    leadsTo: null,
  }));
}

describe("applying", () => {
  it("keeps every revision, and the table of each", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(officeArbitrary, { minLength: 1, maxLength: 4 }), async (offices) => {
        const store = await mustOpen(newPath());
        const revisions: number[] = [];
        for (const office of offices) revisions.push((await store.applyOffice(office, HOW)).revision);
        for (const [index, office] of offices.entries()) {
          const revision = revisions[index] ?? 0;
          expect(await store.loadOffice(revision)).toEqual(office);
          const table = await store.loadTable(revision);
          expect(table.revision).toBe(revision);
          for (const entry of office.numbers) expect(table.numberEntry(entry.number)).toEqual(entry);
          for (const user of office.users) expect(table.user(user.username)).toEqual(user);
        }
        await store.close();
        open.pop();
      }),
      { numRuns: 15 },
    );
  });

  it("does nothing when nothing differs, and says so", async () => {
    const store = await mustOpen(newPath());
    expect(await store.applyOffice(EMPTY, HOW)).toMatchObject({ outcome: "applied", revision: 1 });
    expect(await store.applyOffice({ ...EMPTY }, HOW)).toMatchObject({ outcome: "unchanged", revision: 1 });
    expect(await store.history(10)).toHaveLength(1);
  });

  it("refuses when another revision than the expected one is live", async () => {
    const store = await mustOpen(newPath());
    await store.applyOffice(EMPTY, HOW);
    const other = { ...EMPTY, name: "Beta" };
    expect(await store.applyOffice(other, { ...HOW, expectRevision: 0 })).toMatchObject({
      outcome: "conflict",
      revision: 1,
    });
    expect(await store.loadOffice()).toEqual(EMPTY);
    expect(await store.applyOffice(other, { ...HOW, expectRevision: 1 })).toMatchObject({ revision: 2 });
  });

  it("lets two who expect the same revision at the same time not both have it", async () => {
    const path = newPath();
    const [one, two] = [await mustOpen(path), await mustOpen(path)];
    const outcomes = await Promise.all([
      one.applyOffice({ ...EMPTY, name: "One" }, { ...HOW, expectRevision: 0 }),
      two.applyOffice({ ...EMPTY, name: "Two" }, { ...HOW, expectRevision: 0 }),
    ]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(["applied", "conflict"]);
  });

  it("says how far it is", async () => {
    const store = await mustOpen(newPath());
    const told: number[] = [];
    const office = { ...EMPTY, numbers: numbers(3, "x") };
    await store.applyOffice(office, { ...HOW, onProgress: (done, total) => told.push(done / total) });
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(1);
  });

  it("keeps who, when, why and the files' hash, the newest first", async () => {
    const store = await mustOpen(newPath());
    await store.applyOffice(EMPTY, HOW);
    await store.applyOffice({ ...EMPTY, numbers: numbers(3, "x") }, { ...HOW, author: "ben", nowMs: 5 });
    const [newest, first] = await store.history(10);
    expect(newest).toMatchObject({ revision: 2, author: "ben", appliedMs: 5 });
    expect(newest?.summary.numbers).toEqual({ added: 3, changed: 0, removed: 0 });
    expect(first).toMatchObject({ revision: 1, author: "ann", message: "a test", sourceHash: "00ff" });
  });

  it("loads offices larger than a page whole", async () => {
    const store = await mustOpen(newPath());
    const office = { ...EMPTY, numbers: numbers(2 * PAGE_ROWS + 1, "x") };
    await store.applyOffice(office, HOW);
    expect(await store.loadOffice()).toEqual(office);
    const table = await store.loadTable();
    expect(office.numbers.every(({ number }) => table.number(number) !== undefined)).toBe(true);
  });
});

describe("a running engine's view", () => {
  it("sees another connection's apply as a new revision and as the difference", async () => {
    const path = newPath();
    const [writer, reader] = [await mustOpen(path), await mustOpen(path)];
    await writer.applyOffice({ ...EMPTY, numbers: numbers(5, "old") }, HOW);
    const table = await reader.loadTable();
    expect(await reader.currentRevision()).toBe(1);
    await writer.applyOffice(
      { ...EMPTY, numbers: [...numbers(4, "old"), ...numbers(1, "new")].slice(1) },
      HOW,
    );
    expect(await reader.currentRevision()).toBe(2);
    const since = await reader.changesSince(1);
    if (since.outcome !== "changes") throw new Error("too many");
    expect(countChanges(since.changes)).toBe(2);
    const next = table.next(since.changes, since.revision);
    expect(next.number("+12125000000")?.label).toBe("new");
    expect(next.number("+12125000004")).toBeUndefined();
    expect(table.number("+12125000004")?.label).toBe("old");
  });

  it("is patched to the same table that loading gives, whatever was applied", async () => {
    await fc.assert(
      fc.asyncProperty(officeArbitrary, officeArbitrary, async (before, after) => {
        const store = await mustOpen(newPath());
        await store.applyOffice(before, HOW);
        const old = await store.loadTable();
        await store.applyOffice(after, HOW);
        const since = await store.changesSince(1);
        if (since.outcome !== "changes") throw new Error("too many");
        const table = old.next(since.changes, since.revision);
        const fresh = RoutingTable.of(after, since.revision);
        for (const { number } of [...before.numbers, ...after.numbers]) {
          expect(table.number(number)).toEqual(fresh.number(number));
        }
        for (const { username } of [...before.users, ...after.users]) {
          expect(table.user(username)).toEqual(fresh.user(username));
        }
        expect(table.settings).toEqual(fresh.settings);
        expect(table.carriers).toEqual(fresh.carriers);
        await store.close();
        open.pop();
      }),
      { numRuns: 15 },
    );
  });

  it("of any revision is made from the newest one, whatever was applied since", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(officeArbitrary, { minLength: 2, maxLength: 4 }), async (offices) => {
        const store = await mustOpen(newPath());
        const revisions: number[] = [];
        for (const office of offices) revisions.push((await store.applyOffice(office, HOW)).revision);
        const newest = await store.loadTable();
        for (const [index, office] of offices.entries()) {
          const revision = revisions[index] ?? 0;
          const between = await store.changesBetween(newest.revision, revision);
          if (between.outcome !== "changes") throw new Error("too many");
          const table = newest.earlier(between.changes, revision);
          const fresh = RoutingTable.of(office, revision);
          for (const { numbers, users } of offices) {
            for (const { number } of numbers) expect(table.number(number)).toEqual(fresh.number(number));
            for (const { username } of users) expect(table.user(username)).toEqual(fresh.user(username));
          }
          expect(table.settings).toEqual(fresh.settings);
          expect(table.carriers).toEqual(fresh.carriers);
        }
        await store.close();
        open.pop();
      }),
      { numRuns: 15 },
    );
  });

  it.each([
    ["one is added in front", "main backup", "first main backup"],
    ["one is added behind", "zone main", "zone main alpha"],
    ["the first is removed", "zone main alpha", "main alpha"],
    ["two change places", "main zone", "zone main"],
    ["they come in the order of their ids at last", "zone main", "main zone"],
    ["all are new", "zone", "main alpha"],
  ])("has the carriers in the file's order, as loading gives it: %s", async (_how, before, after) => {
    const store = await mustOpen(newPath());
    const carriers = (ids: string) => ids.split(" ").map((id) => ({ id, proxy: `${id}.example.net` }));
    const idsOf = ({ carriers: all }: Pick<Office, "carriers">) => all.map(({ id }) => id).join(" ");
    await store.applyOffice({ ...EMPTY, carriers: carriers(before) }, HOW);
    const old = await store.loadTable();
    expect(idsOf(old)).toBe(before);
    await store.applyOffice({ ...EMPTY, carriers: carriers(after) }, HOW);
    const since = await store.changesSince(1);
    if (since.outcome !== "changes") throw new Error("too many");
    const loaded = await store.loadTable();
    const office = await store.loadOffice();
    expect([old.next(since.changes, 2), loaded, office ?? EMPTY].map(idsOf)).toEqual([after, after, after]);
    expect(idsOf(old)).toBe(before);
    const applied = await store.applyOffice({ ...EMPTY, carriers: carriers(after) }, HOW);
    expect(applied.outcome).toBe("unchanged");
  });

  it("is told when the difference is too large to patch in", async () => {
    const store = await mustOpen(newPath());
    await store.applyOffice({ ...EMPTY, numbers: numbers(CHANGES_MAX, "x") }, HOW);
    expect((await store.changesSince(0)).outcome).toBe("too_many");
    expect((await store.changesSince(1)).outcome).toBe("changes");
  });

  it("is loaded anew when the database has gone back", async () => {
    const store = await mustOpen(newPath());
    await store.applyOffice(EMPTY, HOW);
    expect(await store.changesSince(7)).toEqual({ outcome: "too_many", revision: 1 });
  });

  it("begins with revision 0, the empty table", async () => {
    const store = await mustOpen(newPath());
    expect(await store.currentRevision()).toBe(0);
    expect(await store.loadOffice()).toBeUndefined();
    expect((await store.loadTable()).revision).toBe(0);
  });
});

describe("a database that cannot be used", () => {
  it("is refused when it is missing and must be there", async () => {
    expect(await mustFail(newPath(), true)).toBe("missing");
  });

  it("is refused when its folder is missing", async () => {
    expect(await mustFail(join(folder, "nowhere", "x.db"))).toBe("cannot_open");
  });

  it("is refused when it is no database", async () => {
    const path = newPath();
    writeFileSync(path, "this is not a database, but it is long enough to look at\n".repeat(40));
    expect(await mustFail(path)).toBe("not_a_database");
  });

  it("is refused when it is another program's", async () => {
    const path = newPath();
    const database = await Database.open(path, false);
    await database.exec("CREATE TABLE songs (title TEXT)");
    await database.close();
    expect(await mustFail(path)).toBe("foreign");
  });

  it("is refused, and left alone, when a newer program made it", async () => {
    const path = newPath();
    await (await mustOpen(path)).close();
    open.pop();
    const database = await Database.open(path, true);
    await database.exec("PRAGMA user_version = 9999");
    await database.close();
    const before = statSync(path).mtimeMs;
    expect(await mustFail(path)).toBe("newer_schema");
    expect(statSync(path).mtimeMs).toBe(before);
  });

  it("is found damaged when a row was tampered with", async () => {
    const path = newPath();
    const store = await mustOpen(path);
    await store.applyOffice({ ...EMPTY, numbers: numbers(2, "x") }, HOW);
    const database = await Database.open(path, true);
    await database.exec("UPDATE numbers SET body = '{'");
    await database.close();
    await expect(store.loadTable()).rejects.toMatchObject({ code: "SQLITE_CORRUPT" });
  });

  it("is refused when its pages are damaged", async () => {
    const path = newPath();
    const store = await mustOpen(path);
    await store.applyOffice({ ...EMPTY, numbers: numbers(3000, "x") }, HOW);
    await store.close();
    open.pop();
    const { openSync, writeSync, closeSync } = await import("node:fs");
    const file = openSync(path, "r+");
    for (let page = 4; page < 30; page += 1) writeSync(file, Buffer.alloc(512, 0xff), 0, 512, page * 4096);
    closeSync(file);
    expect(await mustFail(path)).toBe("damaged");
  });
});

describe("what is said of a database that cannot be used", () => {
  it.each<[StoreFailure, RegExp]>([
    [{ reason: "missing" }, /^there is no database x\.db; `ringline apply` makes one$/],
    [
      { reason: "cannot_open", detail: "SQLITE_CANTOPEN" },
      /^the database x\.db cannot be used: SQLITE_CANTOPEN$/,
    ],
    [{ reason: "not_a_database" }, /^x\.db is not a database$/],
    [{ reason: "foreign" }, /^x\.db is another program's database$/],
    [
      { reason: "newer_schema", schema: 12, known: 10 },
      /^the database x\.db was made by a newer Ringline \(schema 12, this one knows 10\); nothing was changed$/,
    ],
    [{ reason: "busy" }, /^the database x\.db is being written by another program; try again$/],
    [{ reason: "damaged", detail: "row 3" }, /^the database x\.db is damaged: row 3$/],
  ])("%j", (failure, words) => {
    expect(describeFailure("x.db", failure)).toMatch(words);
  });

  it.each([
    ["SQLITE_NOTADB", "not_a_database"],
    ["SQLITE_CORRUPT", "damaged"],
    ["SQLITE_BUSY", "busy"],
    ["SQLITE_LOCKED", "busy"],
    ["SQLITE_FULL", "disk_full"],
  ])("while it is used: %s is %s", (code, reason) => {
    const error = new SqlError(Object.assign(new Error(`${code}: words`), { code, errno: 1 }));
    expect(useFailure(error).reason).toBe(reason);
  });

  it("a mistake of ours is none of these, and goes on", () => {
    expect(() => useFailure(new TypeError("a mistake"))).toThrow("a mistake");
  });
});

describe("a backup", () => {
  it("that cannot be written leaves nothing behind", async () => {
    const opened = await openStore(newPath());
    if (!opened.ok) throw new Error("no database");
    // SQLite refuses everything once it is closed; by then the file of the copy has been made.
    await opened.store.close();
    const copy = newPath();
    expect(await opened.store.backup(copy)).toMatchObject({ outcome: "failed" });
    expect(existsSync(copy)).toBe(false);
  });

  it("is a whole database that loads as the live one does", async () => {
    const store = await mustOpen(newPath());
    const office = { ...EMPTY, numbers: numbers(10, "x") };
    await store.applyOffice(office, HOW);
    const copy = newPath();
    expect(await store.backup(copy)).toEqual({ outcome: "written" });
    expect(await (await mustOpen(copy)).loadOffice()).toEqual(office);
  });

  it("never overwrites a file", async () => {
    const store = await mustOpen(newPath());
    const copy = newPath();
    writeFileSync(copy, "precious");
    expect(await store.backup(copy)).toEqual({ outcome: "exists" });
    expect(statSync(copy).size).toBe("precious".length);
  });
});

describe("the migrations", () => {
  it("are found, and mark the database as ours", async () => {
    expect(migrationsFolder()).toMatch(/storage.migrations$/);
    const path = newPath();
    await mustOpen(path);
    const database = await Database.open(path, true);
    expect(await database.get("PRAGMA application_id")).toEqual({ application_id: APPLICATION_ID });
    await database.close();
  });
});
