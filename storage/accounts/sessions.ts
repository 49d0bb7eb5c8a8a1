/**
 * The browsers that are signed in, and those in which an account signed in before. A session begins only for the password
 * that was checked: one that was changed meanwhile signs nobody in.
 */
import type { SessionLimits, SessionTimes } from "../../policy/accounts/session-life.js";
import type { Database } from "../database.js";

/** Times are milliseconds since the epoch. */
export interface Session extends SessionTimes {
  /** What lists show; it signs nobody in. */
  readonly id: string;
  readonly username: string;
  /** When the person last showed that it is them. */
  readonly confirmedMs: number;
  /** Where it was used last. */
  readonly address: string;
  readonly userAgent: string;
  readonly way: SignInWay;
}

/** How somebody signed in. `link`: by one for choosing a password. */
export type SignInWay =
  | "password"
  | "password_totp"
  | "password_recovery"
  | "password_passkey"
  | "passkey"
  | "link";

export interface NewSession {
  readonly id: string;
  readonly secretHash: string;
  readonly username: string;
  readonly nowMs: number;
  readonly address: string;
  readonly userAgent: string;
  readonly way: SignInWay;
  /** The account's password must still be the one of this time; left out: it was not what signed them in. */
  readonly passwordMs?: number;
  readonly browser: {
    /** What the browser is known by from now on. */
    readonly hash: string;
    /** What it showed; whoever was known by it is known by the new one. */
    readonly shown?: string | undefined;
  };
}

/** In which browser a session begins: the account's first, one where it had not signed in before, or one that it knows. */
export type BrowserStanding = "first" | "new" | "known";
export type SessionBegun =
  | { readonly begun: true; readonly browser: BrowserStanding }
  | { readonly begun: false };

/** Browsers forget cookies after this time at the latest (RFC 6265bis, section 5.5). */
export const BROWSER_KNOWN_MS = 400 * 86_400_000;
/** For one account; those that were used longest ago are forgotten. */
const BROWSERS_MAX = 50;
/** For one account; those that were used longest ago end. */
const SESSIONS_MAX = 100;

const COLUMNS = `id, username, made_ms AS madeMs, confirmed_ms AS confirmedMs, used_ms AS usedMs, address,
  user_agent AS userAgent, way`;

export class SessionTables {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Begins a session, and forgets what has ended. */
  begin(session: NewSession, limits: SessionLimits): Promise<SessionBegun> {
    return this.#database.transaction(async () => {
      const { id, secretHash, username, nowMs, address, userAgent, way, passwordMs, browser } = session;
      await this.#forgetEnded(nowMs, limits);
      const made = await this.#database.runReturning(
        `INSERT INTO sessions (id, secret_hash, username, made_ms, confirmed_ms, used_ms, address, user_agent, way, browser_hash)
         SELECT ?1, ?2, username, ?4, ?4, ?4, ?5, ?6, ?7, ?8 FROM accounts
         WHERE username = ?3 AND (?9 IS NULL OR password_ms = ?9) RETURNING id`,
        [id, secretHash, username, nowMs, address, userAgent, way, browser.hash, passwordMs ?? null],
      );
      if (made.length === 0) return { begun: false };
      const standing = await this.#knowBrowser(username, browser, nowMs);
      await this.#keepNewest("sessions", "id", username, SESSIONS_MAX);
      await this.#keepNewest("known_browsers", "browser_hash", username, BROWSERS_MAX);
      return { begun: true, browser: standing };
    });
  }

  async #knowBrowser(
    username: string,
    { hash, shown }: NewSession["browser"],
    nowMs: number,
  ): Promise<BrowserStanding> {
    if (shown !== undefined)
      for (const table of ["known_browsers", "sessions"])
        await this.#database.run(`UPDATE ${table} SET browser_hash = ? WHERE browser_hash = ?`, [
          hash,
          shown,
        ]);
    const known = await this.#database.runReturning(
      "UPDATE known_browsers SET used_ms = ? WHERE username = ? AND browser_hash = ? RETURNING username",
      [nowMs, username, hash],
    );
    if (known.length > 0) return "known";
    const other = await this.#database.get("SELECT 1 FROM known_browsers WHERE username = ?", [username]);
    await this.#database.run(
      "INSERT INTO known_browsers (username, browser_hash, used_ms) VALUES (?, ?, ?)",
      [username, hash, nowMs],
    );
    return other === undefined ? "first" : "new";
  }

  async #keepNewest(table: string, key: string, username: string, count: number): Promise<void> {
    await this.#database.run(
      `DELETE FROM ${table} WHERE username = ?1 AND ${key} IN
         (SELECT ${key} FROM ${table} WHERE username = ?1 ORDER BY used_ms DESC, ${key} LIMIT -1 OFFSET ?2)`,
      [username, count],
    );
  }

  async #forgetEnded(nowMs: number, { idleMs, wholeMs }: SessionLimits): Promise<void> {
    await this.#database.run("DELETE FROM sessions WHERE made_ms < ?", [nowMs - wholeMs]);
    await this.#database.run("DELETE FROM sessions WHERE used_ms < ?", [nowMs - idleMs]);
    await this.#database.run("DELETE FROM known_browsers WHERE used_ms < ?", [nowMs - BROWSER_KNOWN_MS]);
  }

  /** The session of a cookie, also one whose time is over. */
  bySecret(secretHash: string): Promise<Session | undefined> {
    return this.#database.get<Session>(`SELECT ${COLUMNS} FROM sessions WHERE secret_hash = ?`, [secretHash]);
  }

  /** An account's sessions, the one that was used last first; also those whose time is over. */
  of(username: string): Promise<Session[]> {
    return this.#database.all<Session>(
      `SELECT ${COLUMNS} FROM sessions WHERE username = ? ORDER BY used_ms DESC, id`,
      [username],
    );
  }

  async used(id: string, { nowMs, address }: { nowMs: number; address: string }): Promise<void> {
    await this.#database.run("UPDATE sessions SET used_ms = ?, address = ? WHERE id = ?", [
      nowMs,
      address,
      id,
    ]);
  }

  async confirmed(id: string, nowMs: number): Promise<void> {
    await this.#database.run("UPDATE sessions SET confirmed_ms = ? WHERE id = ?", [nowMs, id]);
  }

  /** Ends a session of an account. False: there was none with this id. */
  async end(username: string, id: string): Promise<boolean> {
    const ended = await this.#database.runReturning(
      "DELETE FROM sessions WHERE username = ? AND id = ? RETURNING id",
      [username, id],
    );
    return ended.length > 0;
  }

  /** Ends a session, and its browser is not known to the account any more. False: there was none with this id. */
  endAndForget(username: string, id: string): Promise<boolean> {
    return this.#database.transaction(async () => {
      const ended = await this.#database.runReturning<{ browser: string }>(
        "DELETE FROM sessions WHERE username = ? AND id = ? RETURNING browser_hash AS browser",
        [username, id],
      );
      for (const { browser } of ended)
        await this.#database.run("DELETE FROM known_browsers WHERE username = ? AND browser_hash = ?", [
          username,
          browser,
        ]);
      return ended.length > 0;
    });
  }

  /**
   * Ends an account's sessions, sign-ins that are half done, and what is known of its browsers: for all of them, or for all
   * but one session's. Returns how many sessions were ended.
   */
  endAll(username: string, except: string | null): Promise<number> {
    return this.#database.transaction(() => endSessionsOf(this.#database, username, except));
  }

  /** Whether an account signed in before in a browser. */
  async isKnown(username: string, browserHash: string): Promise<boolean> {
    const row = await this.#database.get(
      "SELECT 1 FROM known_browsers WHERE username = ? AND browser_hash = ?",
      [username, browserHash],
    );
    return row !== undefined;
  }
}

/** See {@link SessionTables.endAll}; inside the transaction of the caller. */
export async function endSessionsOf(
  database: Database,
  username: string,
  except: string | null,
): Promise<number> {
  const ended = await database.runReturning(
    "DELETE FROM sessions WHERE username = ?1 AND (?2 IS NULL OR id != ?2) RETURNING id",
    [username, except],
  );
  await database.run(
    `DELETE FROM known_browsers WHERE username = ?1
       AND browser_hash NOT IN (SELECT browser_hash FROM sessions WHERE username = ?1)`,
    [username],
  );
  await database.run("DELETE FROM sign_in_steps WHERE username = ?", [username]);
  return ended.length;
}

/** Who is suspended is signed out, and signs in anew when that is over. Inside the transaction of the caller. */
export async function endSessionsOfSuspended(
  database: Database,
  usernames: readonly string[],
): Promise<void> {
  if (usernames.length === 0) return;
  const names = JSON.stringify(usernames);
  for (const table of ["sessions", "sign_in_steps"])
    await database.run(`DELETE FROM ${table} WHERE username IN (SELECT value FROM json_each(?))`, [names]);
}
