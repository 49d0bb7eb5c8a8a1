/**
 * The sqlite3 binding as promises: statements, transactions one at a time, and errors with SQLite's result code.
 *
 * A database has two connections: one for transactions and single writes, one for all other reads. SQLite holds a
 * connection's mutex while it waits for another process's write lock, so on a single connection every read would wait
 * for that lock too. In WAL mode a reader waits for no writer.
 */
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

/**
 * How long one attempt waits for a lock. It is short, because an attempt occupies one of the four threads that all file
 * access of the process shares (libuv), and the connection's mutex.
 */
const ATTEMPT_MS = 50;
/** With these attempts a statement waits five seconds for another process's lock, then fails with SQLITE_BUSY. */
const ATTEMPTS_MAX = 100;

/**
 * The databases in whose transaction the present code runs, so that its statements are told from other callers'. It is
 * one for all databases: Node 20 keeps each AsyncLocalStorage that was used for as long as the process lives, and visits
 * all of them for each new promise.
 */
const transactions = new AsyncLocalStorage<ReadonlySet<Database>>();

/** Statements of several callers may interleave; transactions never do. */
export class Database {
  /** Transactions and single writes; reads too, until {@link openReader}. */
  readonly #handle: sqlite3.Database;
  readonly #path: string;
  #reader: sqlite3.Database | undefined;
  /** Attempts of all callers that found the database locked. It is the clock by which each caller's patience ends. */
  #lockedAttempts = 0;
  /** The end of the last transaction; the next transaction and single writes wait for it. */
  #lastTransaction: Promise<unknown> = Promise.resolve();
  readonly #attemptsMax: number;
  #writes = 0;

  private constructor(handle: sqlite3.Database, path: string, attemptsMax: number) {
    this.#handle = handle;
    this.#path = path;
    this.#attemptsMax = attemptsMax;
  }

  /**
   * Opens a database file, creating it unless `mustExist`. Rejects with {@link SqlError}.
   * @param attemptsMax how often a statement tries to get a lock, {@link ATTEMPT_MS} each time
   */
  static async open(path: string, mustExist: boolean, attemptsMax = ATTEMPTS_MAX): Promise<Database> {
    const mode = sqlite3.OPEN_READWRITE | (mustExist ? 0 : sqlite3.OPEN_CREATE);
    return new Database(await connect(path, mode), path, attemptsMax);
  }

  /**
   * From now on reads outside of transactions have a connection of their own. To be called once the file is in WAL mode.
   * A database in memory has no second connection.
   */
  async openReader(): Promise<void> {
    if (this.#path === ":memory:") return;
    const reader = await connect(this.#path, sqlite3.OPEN_READWRITE);
    // The connection waits for no lock of a writer only while it never writes.
    await execOn(reader, "PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY");
    this.#reader = reader;
  }

  /**
   * Runs one statement without a result. Outside a transaction it waits for a transaction of another caller: on the
   * same connection it would become part of that transaction and be undone with it.
   */
  run(sql: string, values: readonly SqlValue[] = []): Promise<void> {
    if (this.#isInside()) return this.#runNow(sql, values);
    return this.#inTurn((patience) => this.#patiently(patience, () => this.#runNow(sql, values)));
  }

  /** Writes like {@link run}, and returns the rows of its RETURNING clause. */
  runReturning<Row>(sql: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    const now = () => allOn<Row>(this.#handle, sql, values);
    if (this.#isInside()) return now();
    return this.#inTurn((patience) => this.#patiently(patience, now));
  }

  /** Counts each write of this object as it begins and as it ends: what was read at the same count is still so here. */
  get writes(): number {
    return this.#writes;
  }

  /** Runs `work` after all transactions and single writes before it. */
  #inTurn<T>(work: (patience: number) => Promise<T>): Promise<T> {
    this.#writes += 1;
    // Patience counts from here, so that many writes wait for a lock together, and not one after the other.
    const patience = this.#lockedAttempts + this.#attemptsMax;
    const result = this.#lastTransaction
      .then(() => work(patience))
      .finally(() => {
        this.#writes += 1;
      });
    this.#lastTransaction = result.catch(() => undefined);
    return result;
  }

  /** Tries `work` until the database is not locked, or until the patience is over. */
  async #patiently<T>(patience: number, work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!isBusy(error)) throw error;
        this.#lockedAttempts += 1;
        if (this.#lockedAttempts >= patience) throw error;
      }
    }
  }

  #runNow(sql: string, values: readonly SqlValue[] = []): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#handle.run(sql, values, (error) => (error === null ? resolve() : reject(new SqlError(error))));
    });
  }

  /** Runs any number of statements. */
  exec(sql: string): Promise<void> {
    const now = () => execOn(this.#handle, sql);
    return this.#isInside() ? now() : this.#patiently(this.#lockedAttempts + this.#attemptsMax, now);
  }

  /**
   * All rows of one statement that only reads; the caller vouches for their type. Inside a transaction it sees what the
   * transaction has written.
   */
  all<Row>(sql: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    if (this.#isInside()) return allOn(this.#handle, sql, values);
    // In WAL mode a reader is locked out only while another process recovers the file, or removes the WAL on closing.
    const reader = this.#reader ?? this.#handle;
    return this.#patiently(this.#lockedAttempts + this.#attemptsMax, () => allOn(reader, sql, values));
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
    return this.#inTurn((patience) =>
      transactions.run(new Set([...(transactions.getStore() ?? []), this]), () =>
        this.#inTransaction(work, patience),
      ),
    );
  }

  /** Whether the present code runs in a transaction of this database. */
  #isInside(): boolean {
    return transactions.getStore()?.has(this) === true;
  }

  /** Closes the connections when the transaction under way has ended. */
  async close(): Promise<void> {
    await this.#lastTransaction;
    if (this.#reader !== undefined) await disconnect(this.#reader);
    await disconnect(this.#handle);
  }

  async #inTransaction<T>(work: (rollback: () => void) => Promise<T>, patience: number): Promise<T> {
    let isRolledBack = false;
    await this.#patiently(patience, () => this.run("BEGIN IMMEDIATE"));
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

function isBusy(error: unknown): boolean {
  return error instanceof SqlError && error.code === "SQLITE_BUSY";
}

function connect(path: string, mode: number): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const handle = new sqlite3.Database(path, mode, (error) => {
      if (error !== null) {
        reject(new SqlError(error));
        return;
      }
      handle.configure("busyTimeout", ATTEMPT_MS);
      resolve(handle);
    });
  });
}

function disconnect(handle: sqlite3.Database): Promise<void> {
  return new Promise((resolve, reject) => {
    handle.close((error) => (error === null ? resolve() : reject(new SqlError(error))));
  });
}

function execOn(handle: sqlite3.Database, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    handle.exec(sql, (error) => (error === null ? resolve() : reject(new SqlError(error))));
  });
}

function allOn<Row>(handle: sqlite3.Database, sql: string, values: readonly SqlValue[]): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    handle.all<Row>(sql, values, (error, rows) =>
      error === null ? resolve(rows) : reject(new SqlError(error)),
    );
  });
}
