/**
 * The sqlite3 binding as promises, and nothing more: statements, transactions one at a time, and errors that
 * say which of SQLite's result codes they are.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import sqlite3 from "sqlite3";

/** What may be bound to a placeholder. */
export type SqlValue = string | number | null;

/** An error SQLite reported; `code` is its name for it, such as SQLITE_CORRUPT. */
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
  /** The end of the last transaction: the next one, and single writes, wait for it. */
  #lastTransaction: Promise<unknown> = Promise.resolve();
  /** Whether a statement belongs to the transaction under way. */
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
   * Runs one statement without a result. One that belongs to no transaction waits for that of another caller: on the same
   * connection it would be part of it, and undone with it.
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

  /** All the rows of one statement; their shape is the caller's promise. */
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
   * Runs `work` in a transaction that holds the write lock from its start, so that what it reads stays true
   * until it has written. Commits unless `work` throws or asks for a rollback.
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
      // A failed COMMIT may have ended the transaction already; then there is nothing left to roll back.
      await this.run("ROLLBACK").catch(() => undefined);
      throw error;
    }
  }
}
