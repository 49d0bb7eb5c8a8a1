/** The accounts with which people sign in on the web. Only the password's hash is kept. */
import type { Database } from "../database.js";
import {
  type AccountLink,
  accountLink,
  endLinks,
  type NewAccountLink,
  passwordLinksSince,
  putLink,
  takeLink,
} from "./links.js";
import { removeAccounts } from "./removal.js";
import { endSessionsOf } from "./sessions.js";

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

  /** Everybody with an account. */
  everybody(): Promise<ReadonlySet<string>> {
    return allUsernames(this.#database, "accounts");
  }

  /** Another text when an account was made or taken away: cheaper to ask for than the names. */
  async mark(): Promise<string> {
    const row = await this.#database.get<{ mark: string }>(
      "SELECT count(*) || ' ' || total(activated_ms) || ' ' || coalesce(max(activated_ms), 0) AS mark FROM accounts",
    );
    return row?.mark ?? "";
  }

  link(linkHash: string): Promise<AccountLink | undefined> {
    return accountLink(this.#database, linkHash);
  }

  /** Uses the link of an invitation: the user has an account from now on. False: the link does not work any more. */
  activate(linkHash: string, account: Account): Promise<boolean> {
    const { username, activatedMs: nowMs } = account;
    return this.#database.transaction(async () => {
      if (!(await takeLink(this.#database, linkHash, nowMs))) return false;
      await this.#database.run("DELETE FROM invitations WHERE username = ?", [username]);
      await endLinks(this.#database, username, ["invitation"], { why: "replaced", nowMs });
      await this.put(account);
      return true;
    });
  }

  /** Makes a link for a new password. False: the user has no account, or got `most` of them since `sinceMs`. */
  forgot(link: NewAccountLink, limit: { readonly most: number; readonly sinceMs: number }): Promise<boolean> {
    return this.#database.transaction(async () => {
      const { username } = link;
      if ((await this.account(username)) === undefined) return false;
      if ((await passwordLinksSince(this.#database, username, limit.sinceMs)) >= limit.most) return false;
      await putLink(this.#database, link);
      return true;
    });
  }

  /** Uses a link for a new password; all others of the user end, and all sessions. False: the link does not work any more. */
  setPasswordByLink(
    linkHash: string,
    { username, passwordHash, passwordMs }: Omit<Account, "activatedMs">,
  ): Promise<boolean> {
    return this.#database.transaction(async () => {
      if (!(await takeLink(this.#database, linkHash, passwordMs))) return false;
      return this.#setPassword({ username, passwordHash, passwordMs }, null);
    });
  }

  /**
   * Sets a new password, in place of the one with the hash `before`, and ends all sessions but one. False: another was set
   * meanwhile.
   */
  setPassword(
    password: Omit<Account, "activatedMs">,
    before: string,
    exceptSession: string,
  ): Promise<boolean> {
    return this.#database.transaction(async () => {
      if ((await this.account(password.username))?.passwordHash !== before) return false;
      return this.#setPassword(password, exceptSession);
    });
  }

  async #setPassword(
    { username, passwordHash, passwordMs }: Omit<Account, "activatedMs">,
    exceptSession: string | null,
  ): Promise<boolean> {
    const rows = await this.#database.runReturning(
      "UPDATE accounts SET password_hash = ?, password_ms = ? WHERE username = ? RETURNING username",
      [passwordHash, passwordMs, username],
    );
    await endLinks(this.#database, username, ["password"], { why: "replaced", nowMs: passwordMs });
    await endSessionsOf(this.#database, username, exceptSession);
    return rows.length > 0;
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

/** As one text: a row for each of ten thousand people takes several times as long. */
export async function allUsernames(
  database: Database,
  table: "accounts" | "invitations",
): Promise<ReadonlySet<string>> {
  const row = await database.get<{ names: string }>(
    `SELECT json_group_array(username) AS names FROM ${table}`,
  );
  return new Set(JSON.parse(row?.names ?? "[]") as string[]);
}
