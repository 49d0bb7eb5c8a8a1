/**
 * One engine a database: two engines would carry calls under the same id, and each would take the other's calls for
 * its own.
 *
 * The lock is a write transaction that never ends, on a separate file beside the database, `<db>.lock`. The operating
 * system releases it when the process dies in any way (fcntl locks, os_unix.c of SQLite), so there are no stale locks
 * and nothing to clean up. The file stays, because deleting it would be a race. A row in it names the holder; other
 * processes can read the row meanwhile, because a rollback journal blocks no readers before the commit.
 */
import { existsSync, realpathSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Database, SqlError } from "./database.js";

/** The process that holds the lock. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Milliseconds since the epoch. */
  readonly sinceMs: number;
  /** The namespace of process ids in which `pid` is valid; null: not known, also of an earlier release. */
  readonly namespace?: string | null;
  /** When the process started, in clock ticks since its machine did: a process id is used again later. */
  readonly startTicks?: number | null;
}

/** `held`: by another process, unless its row could not be read. `failed`: the file is unusable; `detail` is SQLite's text. */
export type Taken =
  | { readonly outcome: "taken"; readonly lock: EngineLock }
  | { readonly outcome: "held"; readonly by: Holder | undefined }
  | { readonly outcome: "failed"; readonly path: string; readonly detail: string };

/** How long a commit waits for readers, who read the row in less time. */
const BUSY_TIMEOUT_MS = 20;

export class EngineLock {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  /** Takes the lock of a database, or returns its holder at once; callers that wait call it again. */
  static async take(databasePath: string, as: Holder): Promise<Taken> {
    const path = besideDatabase(databasePath, "lock");
    let database: Database | undefined;
    try {
      makePrivately(path);
      database = await Database.open(path, false, 1);
      await database.exec(`
        PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};
        -- Not WAL, which would add two more files.
        PRAGMA journal_mode = DELETE;
      `);
      if (await hold(database, as)) return { outcome: "taken", lock: new EngineLock(database) };
      // The very first holder may not have written its row yet.
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

  /** Releases the lock. A process that ends without this releases it as well. */
  release(): Promise<void> {
    return this.#database.close();
  }
}

/** False: another process holds the lock, or was quicker. */
async function hold(database: Database, as: Holder): Promise<boolean> {
  try {
    await database.exec("BEGIN IMMEDIATE");
    await database.exec(
      "CREATE TABLE IF NOT EXISTS holder (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), pid, host, since_ms)",
    );
    await database.run("INSERT OR REPLACE INTO holder VALUES (1, ?, ?, ?)", [as.pid, as.host, as.sinceMs]);
    // A table of its own: an earlier release writes to `holder`, and knows its columns.
    await database.exec(
      "CREATE TABLE IF NOT EXISTS process (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), pid, since_ms, namespace, start_ticks)",
    );
    await database.run("INSERT OR REPLACE INTO process VALUES (1, ?, ?, ?, ?)", [
      as.pid,
      as.sinceMs,
      as.namespace ?? null,
      as.startTicks ?? null,
    ]);
    // Commit, so that others can read the row; the next transaction is the lock.
    await database.exec("COMMIT");
    await database.exec("BEGIN IMMEDIATE");
  } catch (error) {
    if (!(error instanceof SqlError) || !isBusy(error)) throw error;
    await database.exec("ROLLBACK").catch(() => undefined);
    return false;
  }
  const by = await holderIn(database);
  if (by?.pid === as.pid && by.host === as.host && by.sinceMs === as.sinceMs) return true;
  // Another process wrote its row between our two transactions, so the row does not name us: both try again.
  await database.exec("ROLLBACK");
  return false;
}

async function holderIn(database: Database): Promise<Holder | undefined> {
  const holder = await database.get<Holder>("SELECT pid, host, since_ms AS sinceMs FROM holder");
  if (holder === undefined) return undefined;
  // The table is missing when an earlier release holds the lock.
  const started = await database
    .get<Pick<Holder, "namespace" | "startTicks">>(
      "SELECT namespace, start_ticks AS startTicks FROM process WHERE pid = ? AND since_ms = ?",
      [holder.pid, holder.sinceMs],
    )
    .catch(() => undefined);
  return typeof started?.startTicks === "number" ? { ...holder, ...started } : holder;
}

function isBusy({ code }: SqlError): boolean {
  return code === "SQLITE_BUSY";
}

/** A file beside a database, `<db>.<suffix>`: the same file for every path that leads to the database. */
export function besideDatabase(databasePath: string, suffix: string): string {
  const real = existsSync(databasePath)
    ? realpathSync(databasePath)
    : join(realFolder(dirname(databasePath)), basename(databasePath));
  return `${real}.${suffix}`;
}

function realFolder(folder: string): string {
  return existsSync(folder) ? realpathSync(folder) : folder;
}

function makePrivately(path: string): void {
  try {
    writeFileSync(path, "", { flag: "wx", mode: 0o600 });
  } catch {
    // The file exists, or cannot be made; in the second case SQLite reports why.
  }
}
