/**
 * One engine a database: two would carry its calls under one name, and each would take the other's for its own.
 *
 * A file of its own beside the database, `<db>.lock`, is held by a write transaction that never ends. The operating
 * system lets go of it when the process dies, however it dies (fcntl locks, os_unix.c of SQLite), so there is no
 * stale lock and nothing to clean up; the file itself stays, since deleting it would be a race. Who holds it is
 * a row in it: others can read that meanwhile, as a rollback journal keeps no reader out before the commit.
 */
import { existsSync, realpathSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Database, SqlError } from "./database.js";

/** Whoever holds the lock. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Milliseconds since the epoch. */
  readonly sinceMs: number;
}

/** `held`: by whom, where that could be read. `failed`: the file cannot be used; `detail` is SQLite's word. */
export type Taken =
  | { readonly outcome: "taken"; readonly lock: EngineLock }
  | { readonly outcome: "held"; readonly by: Holder | undefined }
  | { readonly outcome: "failed"; readonly path: string; readonly detail: string };

/** Readers look for a moment only; so long does a commit wait for them. */
const BUSY_TIMEOUT_MS = 20;

export class EngineLock {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  /** Takes the lock of a database, or says at once who has it; ask again to wait for it. */
  static async take(databasePath: string, as: Holder): Promise<Taken> {
    const path = lockPath(databasePath);
    let database: Database | undefined;
    try {
      makePrivately(path);
      database = await Database.open(path, false);
      await database.exec(`
        PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};
        -- Not WAL, which would leave two more files beside it.
        PRAGMA journal_mode = DELETE;
      `);
      if (await hold(database, as)) return { outcome: "taken", lock: new EngineLock(database) };
      // Where the very first is only just beginning, there is nothing to read yet.
      const by = await holderIn(database).catch(() => undefined);
      await database.close();
      return { outcome: "held", by };
    } catch (error) {
      await database?.close().catch(() => undefined);
      if (!(error instanceof SqlError)) throw error;
      if (isBusy(error)) return { outcome: "held", by: undefined };
      return { outcome: "failed", path, detail: error.message };
    }
  }

  /** Lets go. A process that ends without doing so lets go as well. */
  release(): Promise<void> {
    return this.#database.close();
  }
}

/** False: somebody else has it, or was quicker. */
async function hold(database: Database, as: Holder): Promise<boolean> {
  try {
    await database.exec("BEGIN IMMEDIATE");
    await database.exec(
      "CREATE TABLE IF NOT EXISTS holder (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), pid, host, since_ms)",
    );
    await database.run("INSERT OR REPLACE INTO holder VALUES (1, ?, ?, ?)", [as.pid, as.host, as.sinceMs]);
    // Committed, so that others can read it; the transaction after it is the lock.
    await database.exec("COMMIT");
    await database.exec("BEGIN IMMEDIATE");
  } catch (error) {
    if (!(error instanceof SqlError) || !isBusy(error)) throw error;
    await database.exec("ROLLBACK").catch(() => undefined);
    return false;
  }
  const by = await holderIn(database);
  if (by?.pid === as.pid && by.host === as.host && by.sinceMs === as.sinceMs) return true;
  // Another came in between the two: it asks again as well, and the file must name the one who has it.
  await database.exec("ROLLBACK");
  return false;
}

async function holderIn(database: Database): Promise<Holder | undefined> {
  return database.get<Holder>("SELECT pid, host, since_ms AS sinceMs FROM holder");
}

function isBusy({ code }: SqlError): boolean {
  return code === "SQLITE_BUSY";
}

/** One file for one database, by whatever name it is called. */
function lockPath(databasePath: string): string {
  const real = existsSync(databasePath)
    ? realpathSync(databasePath)
    : join(realFolder(dirname(databasePath)), basename(databasePath));
  return `${real}.lock`;
}

function realFolder(folder: string): string {
  return existsSync(folder) ? realpathSync(folder) : folder;
}

function makePrivately(path: string): void {
  try {
    writeFileSync(path, "", { flag: "wx", mode: 0o600 });
  } catch {
    // It is there already, or cannot be made at all; then SQLite says why.
  }
}
