/** The accounts with which people sign in on the web. Only the password's hash is kept. */
import type { Database } from "../database.js";
import { removeAccounts } from "./removal.js";

/** Times are milliseconds since the epoch. */
export interface Account {
  readonly username: string;
  /** argon2id, as a PHC string. */
  readonly passwordHash: string;
  readonly activatedMs: number;
  /** When the password was chosen. */
  readonly passwordMs: number;
}

const COLUMNS = `username, password_hash AS passwordHash, activated_ms AS activatedMs, password_ms AS passwordMs`;

export class AccountTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Undefined: the user has not chosen a password. */
  account(username: string): Promise<Account | undefined> {
    return this.#database.get<Account>(`SELECT ${COLUMNS} FROM accounts WHERE username = ?`, [username]);
  }

  /** The accounts of these users, by username; users without one are left out. */
  async accountsOf(usernames: readonly string[]): Promise<ReadonlyMap<string, Account>> {
    const rows = await this.#database.all<Account>(
      `SELECT ${COLUMNS} FROM accounts WHERE username IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(usernames)],
    );
    return new Map(rows.map((row) => [row.username, row]));
  }

  /** Usernames with an account behind a name, in their order. */
  async usernames(after: string, limit: number): Promise<string[]> {
    const rows = await this.#database.all<{ username: string }>(
      "SELECT username FROM accounts WHERE username > ? ORDER BY username LIMIT ?",
      [after, limit],
    );
    return rows.map(({ username }) => username);
  }

  /** Writes an account, in place of what there was. */
  put({ username, passwordHash, activatedMs, passwordMs }: Account): Promise<void> {
    return this.#database.run(
      `INSERT INTO accounts (username, password_hash, activated_ms, password_ms) VALUES (?, ?, ?, ?)
       ON CONFLICT (username) DO UPDATE SET password_hash = excluded.password_hash,
         activated_ms = excluded.activated_ms, password_ms = excluded.password_ms`,
      [username, passwordHash, activatedMs, passwordMs],
    );
  }

  /** Removes the account with all that refers to it, and an invitation. False: there was neither. */
  remove(username: string): Promise<boolean> {
    return this.#database.transaction(async () => {
      const there = await this.#database.get(
        "SELECT 1 FROM accounts WHERE username = ?1 UNION ALL SELECT 1 FROM invitations WHERE username = ?1",
        [username],
      );
      await removeAccounts(this.#database, [username]);
      return there !== undefined;
    });
  }
}
