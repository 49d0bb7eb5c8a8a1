/** The sqlite3 binding as promises: statements, transactions one at a time, and errors with SQLite's result code. */
import { AsyncLocalStorage } from "node:async_hooks";
import sqlite3 from "sqlite3";

/** A value for a placeholder. */
export type SqlValue = string | number | null;

/** An error from SQLite; `code` is the name of its result code, such as SQLITE_CORRUPT. */
export class SqlError extends Error {
  readonly code: string;

  constructor(error: Error & { code?: string }) {
    super(error.message);
    this.name = "SqlError";
    this.code = error.code ?? "SQLITE_ERROR";
  }
}

/** One connection. Statements of several callers may interleave; transactions never do. */
export class Database {
  readonly #handle: sqlite3.Database;
  /** The end of the last transaction; the next transaction and single writes wait for it. */
  #lastTransaction: Promise<unknown> = Promise.resolve();
  /** Set inside a transaction, so that its statements are told from other callers'. */
  readonly #inside = new AsyncLocalStorage<true>();

  private constructor(handle: sqlite3.Database) {
    this.#handle = handle;
  }

  /** Opens a database file, creating it unless `mustExist`. Rejects with {@link SqlError}. */
  static open(path: string, mustExist: boolean): Promise<Database> {
    const mode = sqlite3.OPEN_READWRITE | (mustExist ? 0 : sqlite3.OPEN_CREATE);
    return new Promise((resolve, reject) => {
      const handle = new sqlite3.Database(path, mode, (error) =>
        error === null ? resolve(new Database(handle)) : reject(new SqlError(error)),
      );
    });
  }

  /**
   * Runs one statement without a result. Outside a transaction it waits for a transaction of another caller: on the
   * same connection it would become part of that transaction and be undone with it.
   */
  run(sql: string, values: readonly SqlValue[] = []): Promise<void> {
    if (this.#inside.getStore()) return this.#runNow(sql, values);
    const result = this.#lastTransaction.then(() => this.#runNow(sql, values));
    this.#lastTransaction = result.catch(() => undefined);
    return result;
  }

  #runNow(sql: string, values: readonly SqlValue[] = []): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#handle.run(sql, values, (error) => (error === null ? resolve() : reject(new SqlError(error))));
    });
  }

  /** Runs any number of statements. */
  exec(sql: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#handle.exec(sql, (error) => (error === null ? resolve() : reject(new SqlError(error))));
    });
  }

  /** All rows of one statement; the caller vouches for their type. */
  all<Row>(sql: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      this.#handle.all<Row>(sql, values, (error, rows) =>
        error === null ? resolve(rows) : reject(new SqlError(error)),
      );
    });
  }

  /** The first row, if there is one. */
  async get<Row>(sql: string, values: readonly SqlValue[] = []): Promise<Row | undefined> {
    const [row] = await this.all<Row>(sql, values);
    return row;
  }

  /**
   * Runs `work` in a transaction with the write lock from its start, so that what `work` reads stays true until it
   * has written. Commits unless `work` throws or calls `rollback`.
   */
  transaction<T>(work: (rollback: () => void) => Promise<T>): Promise<T> {
    const result = this.#lastTransaction.then(() => this.#inside.run(true, () => this.#inTransaction(work)));
    this.#lastTransaction = result.catch(() => undefined);
    return result;
  }

  /** Closes the connection when the transaction under way has ended. */
  async close(): Promise<void> {
    await this.#lastTransaction;
    return new Promise((resolve, reject) => {
      this.#handle.close((error) => (error === null ? resolve() : reject(new SqlError(error))));
    });
  }

  async #inTransaction<T>(work: (rollback: () => void) => Promise<T>): Promise<T> {
    let isRolledBack = false;
    await this.run("BEGIN IMMEDIATE");
    try {
      const result = await work(() => {
        isRolledBack = true;
      });
      await this.run(isRolledBack ? "ROLLBACK" : "COMMIT");
      return result;
    } catch (error) {
      // A failed COMMIT may have ended the transaction already; then ROLLBACK fails as well.
      await this.run("ROLLBACK").catch(() => undefined);
      throw error;
    }
  }
}
