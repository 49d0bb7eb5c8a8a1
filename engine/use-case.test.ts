/**
 * Goal: a database that fails is a result of every use case, and our own mistakes are none. Method: a table of
 * SQLite's result codes, and a use case on a database that was closed under it.
 */
import { describe, expect, it } from "vitest";
import { acmeOffice } from "../fixtures/offices/live-office.js";
import { SqlError } from "../storage/database.js";
import { setUsersSuspended } from "./office/changes/users.js";
import { orDatabaseFailed } from "./use-case.js";

describe("a use case", () => {
  it.each([
    ["SQLITE_BUSY", { reason: "busy" }],
    ["SQLITE_LOCKED", { reason: "busy" }],
    ["SQLITE_CORRUPT", { reason: "damaged", detail: "what SQLite says" }],
    ["SQLITE_NOTADB", { reason: "not_a_database" }],
    ["SQLITE_FULL", { reason: "disk_full" }],
  ])("whose database ends with %s says so", async (code, failure) => {
    const fails = () => Promise.reject(new SqlError(Object.assign(new Error("what SQLite says"), { code })));
    expect(await orDatabaseFailed(fails)).toEqual({ outcome: "database_failed", failure });
  });

  it("hands on what it ended with", async () => {
    expect(await orDatabaseFailed(async () => ({ outcome: "done" }))).toEqual({ outcome: "done" });
  });

  it("does not take our own mistakes for a database that failed", async () => {
    await expect(orDatabaseFailed(() => Promise.reject(new TypeError("ours")))).rejects.toThrow("ours");
  });

  it("on a database that was closed has changed nothing", async () => {
    const live = await acmeOffice();
    await live.deps.store.close();
    const ended = await setUsersSuspended(live.deps, { author: "ann" }, ["bob.stone"], true);
    expect(ended.outcome).toBe("database_failed");
    await live.close();
  });
});
