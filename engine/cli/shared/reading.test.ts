/** Goal: a command that only reads leaves the database of an earlier release as it is, and says so. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ringline } from "../../../fixtures/cli/run-program.js";
import { Database } from "../../../storage/database.js";
import { openStore } from "../../../storage/store.js";

let folder: string;
let db: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-reading-"));
  db = join(folder, "office.db");
  const opened = await openStore(db);
  if (opened.ok) await opened.store.close();
  await onDatabase((database) => database.exec("PRAGMA user_version = 16"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function onDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const database = await Database.open(db, true);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

it.each([
  ["backup", "copy.db"],
  ["history"],
  ["export"],
  ["diff", "0", "1"],
  ["explain", "+12125550100"],
  ["user", "list"],
  ["user", "show", "ann"],
  ["group", "list"],
  ["group", "show", "sales"],
  ["schedule", "list"],
  ["device", "list"],
  ["voicemail", "list"],
  ["voicemail", "show", "11111111-2222-4333-8444-000000000001"],
])("%s %s", async (...words) => {
  const args = words.map((word) => (word === "copy.db" ? join(folder, word) : word));
  const { err, code } = await ringline(...args, "--db", db);
  expect(err).toContain("was made by an older Ringline (schema 16, this one knows");
  expect(code).toBe(1);
  expect(await onDatabase((database) => database.get("PRAGMA user_version"))).toEqual({ user_version: 16 });
  expect(existsSync(join(folder, "copy.db"))).toBe(false);
});
