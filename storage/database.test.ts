/**
 * Statements of several callers never become part of another caller's transaction, and no read waits for another
 * process's write lock.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Database, SqlError } from "./database.js";

it("a single write is not undone with a transaction of somebody else", async () => {
  const database = await Database.open(":memory:", false);
  await database.exec("CREATE TABLE one (state TEXT); INSERT INTO one VALUES ('before')");
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const transaction = database.transaction(async (rollback) => {
    await database.run("INSERT INTO one VALUES ('undone')");
    begin();
    await gate;
    rollback();
  });
  await begun;
  const write = database.run("UPDATE one SET state = 'after'");
  open();
  await Promise.all([transaction, write]);
  expect(await database.all("SELECT state FROM one")).toEqual([{ state: "after" }]);
  await database.close();
});

it("a transaction within one of another database is told from it: each is undone or kept alone", async () => {
  const [outer, inner] = [await Database.open(":memory:", false), await Database.open(":memory:", false)];
  for (const each of [outer, inner]) await each.exec("CREATE TABLE one (state TEXT)");
  await outer.transaction(async (rollback) => {
    await outer.run("INSERT INTO one VALUES ('undone')");
    await inner.run("INSERT INTO one VALUES ('a single write')");
    await inner.transaction(async () => {
      await inner.run("INSERT INTO one VALUES ('kept')");
      await outer.run("INSERT INTO one VALUES ('undone too')");
    });
    await inner.run("INSERT INTO one VALUES ('another')");
    expect(await outer.all("SELECT state FROM one")).toHaveLength(2);
    rollback();
  });
  expect(await outer.all("SELECT state FROM one")).toEqual([]);
  expect(await inner.all("SELECT state FROM one")).toHaveLength(3);
  await outer.close();
  await inner.close();
});

it("a single write that fails holds up nobody", async () => {
  const database = await Database.open(":memory:", false);
  await expect(database.run("INSERT INTO nowhere VALUES (1)")).rejects.toThrow("no such table");
  await database.run("CREATE TABLE somewhere (id INTEGER)");
  await database.transaction(() => database.run("INSERT INTO somewhere VALUES (1)"));
  expect(await database.all("SELECT id FROM somewhere")).toEqual([{ id: 1 }]);
  await database.close();
});

describe("while another process holds the write lock", () => {
  let folder: string;
  let database: Database;
  let other: Database;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "ringline-locked-"));
    const path = join(folder, "x.db");
    database = await Database.open(path, false, 2);
    await database.exec("PRAGMA journal_mode = WAL; CREATE TABLE one (state TEXT)");
    await database.openReader();
    other = await Database.open(path, true);
    await other.exec("BEGIN IMMEDIATE");
  });
  afterEach(async () => {
    await database.close();
    await other.close();
    rmSync(folder, { recursive: true });
  });

  it("reads go on, also while a write waits for the lock", async () => {
    let waits = true;
    const write = database.run("INSERT INTO one VALUES ('later')").catch(() => {
      waits = false;
    });
    for (let n = 0; n < 20; n++) expect(await database.all("SELECT * FROM one")).toEqual([]);
    expect(waits).toBe(true);
    await other.exec("COMMIT");
    await write;
    expect([waits, await database.all("SELECT * FROM one")]).toEqual([true, [{ state: "later" }]]);
  });

  it("writes that were asked for together all fail as busy when their time is over, not one after the other", async () => {
    const outcomes: string[] = [];
    const codeOf = (error: unknown) => (error instanceof SqlError ? error.code : String(error));
    const writes = Array.from({ length: 30 }, (_, n) =>
      (n % 2 === 0
        ? database.run("INSERT INTO one VALUES ('busy')")
        : database.transaction(() => database.run("INSERT INTO one VALUES ('busy')"))
      ).catch((error: unknown) => void outcomes.push(codeOf(error))),
    );
    await Promise.all(writes);
    expect(outcomes).toEqual(Array.from({ length: 30 }, () => "SQLITE_BUSY"));
    await other.exec("COMMIT");
    await database.run("INSERT INTO one VALUES ('free')");
    expect(await database.all("SELECT * FROM one")).toEqual([{ state: "free" }]);
  });

  it("nothing is written by mistake on the connection that reads", async () => {
    await other.exec("COMMIT");
    await expect(database.all("INSERT INTO one VALUES ('x') RETURNING state")).rejects.toMatchObject({
      code: "SQLITE_READONLY",
    });
    expect(await database.runReturning("INSERT INTO one VALUES ('x') RETURNING state")).toEqual([
      { state: "x" },
    ]);
  });
});
