/**
 * Goal: an engine that stands by has the office at hand, of the newest revision, and never one of a database that is not
 * there any more; the database of an older release stays as it is until the takeover.
 */
import { copyFileSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Database } from "../../../storage/database.js";
import { openStore, type Store } from "../../../storage/store.js";
import { systemClock } from "../../clock.js";
import { WarmStandby } from "./warm-standby.js";

let folder: string;
let db: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-warm-"));
  db = join(folder, "office.db");
  const opened = await openStore(db);
  if (opened.ok) await opened.store.close();
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Stands by on the database, and records what is done with the engine. */
function standby() {
  const done: string[] = [];
  const said: string[] = [];
  const engine = {
    prepare: async () => void done.push("prepared"),
    close: async () => void done.push("closed"),
  };
  const log = pino(
    {},
    { write: (line: string) => void said.push((JSON.parse(line) as { msg: string }).msg) },
  );
  const warm = new WarmStandby(db, log, async (store: Store) => {
    await store.currentRevision();
    return { engine };
  });
  return { warm, done, said };
}

/** Resolves when something is so; the test's time limit ends the waiting. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise<void>((resolve) => void systemClock.after(1, resolve));
}

describe("an engine that stands by", () => {
  it("is prepared once, and its turn finds the database open", async () => {
    const { warm, done, said } = standby();
    warm.begin();
    warm.begin();
    const prepared = await warm.take();
    expect(await prepared?.store.currentRevision()).toBe(0);
    expect([done, said]).toEqual([["prepared"], []]);
    await prepared?.store.close();
  });

  it("has nothing prepared when it never stood by", async () => {
    const { warm, done } = standby();
    expect(await warm.take()).toBeUndefined();
    expect(done).toEqual([]);
  });

  it("leaves the database of an older release alone", async () => {
    const older = await Database.open(db, true);
    await older.exec("PRAGMA user_version = 3");
    await older.close();
    const { warm, done, said } = standby();
    warm.begin();
    expect(await warm.take()).toBeUndefined();
    expect([done, said]).toEqual([
      [],
      [expect.stringContaining("made by an older Ringline (schema 3, this")],
    ]);
    const after = await Database.open(db, true);
    expect(await after.get("PRAGMA user_version")).toEqual({ user_version: 3 });
    await after.close();
  });

  it("does not go on with a database that was replaced meanwhile", async () => {
    const { warm, done, said } = standby();
    warm.begin();
    // The replaced file must not get the number of the old one, which is still open.
    copyFileSync(db, join(folder, "restored.db"));
    renameSync(join(folder, "restored.db"), db);
    expect(await warm.take()).toBeUndefined();
    expect([done, said]).toEqual([
      ["prepared", "closed"],
      ["the database was replaced while this engine stood by: it is opened anew"],
    ]);
  });

  it("does not go on with a database that a later release has migrated meanwhile", async () => {
    const { warm, done, said } = standby();
    warm.begin();
    await until(() => done.length > 0);
    const later = await Database.open(db, true);
    await later.exec("PRAGMA user_version = 99");
    await later.close();
    expect(await warm.take()).toBeUndefined();
    expect([done, said]).toEqual([
      ["prepared", "closed"],
      ["the database was migrated by another release while this engine stood by: it is opened anew"],
    ]);
    // The takeover opens it, and is refused in words.
    expect(await openStore(db)).toMatchObject({ ok: false, failure: { reason: "newer_schema", schema: 99 } });
  });

  it("leaves nothing open when its turn never comes", async () => {
    const { warm, done } = standby();
    await warm.discard();
    warm.begin();
    await warm.discard();
    expect(done).toEqual(["prepared", "closed"]);
    expect(await warm.take()).toBeUndefined();
  });
});
