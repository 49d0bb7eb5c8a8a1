/** Codes of apps (RFC 6238) and recovery codes of accounts. A code that was taken is never taken again. */
import type { Database } from "../database.js";

export interface Totp {
  /** Base32 (RFC 4648, section 6). */
  readonly secret: string;
  /** Null: the app has not shown a code yet. */
  readonly confirmedMs: number | null;
  /** The time step of the last code that was taken. */
  readonly lastStep: number;
}

/** What an account asks of people besides the password. */
export interface SecondFactors {
  readonly hasTotp: boolean;
  /** Passkeys, without which the password alone is not enough. */
  readonly hasPasskeyStep: boolean;
  readonly recoveryCodes: number;
}

export class SecondFactorTables {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async of(username: string): Promise<SecondFactors> {
    const row = await this.#database.get<{ totp: number; passkey: number; codes: number }>(
      `SELECT EXISTS (SELECT 1 FROM totp WHERE username = ?1 AND confirmed_ms IS NOT NULL) AS totp,
         EXISTS (SELECT 1 FROM passkeys WHERE username = ?1 AND is_second_step = 1) AS passkey,
         (SELECT count(*) FROM recovery_codes WHERE username = ?1 AND used_ms IS NULL) AS codes`,
      [username],
    );
    return {
      hasTotp: row?.totp === 1,
      hasPasskeyStep: row?.passkey === 1,
      recoveryCodes: row?.codes ?? 0,
    };
  }

  totp(username: string): Promise<Totp | undefined> {
    return this.#database.get<Totp>(
      "SELECT secret, confirmed_ms AS confirmedMs, last_step AS lastStep FROM totp WHERE username = ?",
      [username],
    );
  }

  /** Keeps the secret of an app that has not shown a code yet. False: another app is in use. */
  async beginTotp(username: string, secret: string, nowMs: number): Promise<boolean> {
    const written = await this.#database.runReturning(
      `INSERT INTO totp (username, secret, made_ms, last_step)
       SELECT username, ?2, ?3, 0 FROM accounts WHERE username = ?1
       ON CONFLICT (username) DO UPDATE SET secret = excluded.secret, made_ms = excluded.made_ms, last_step = 0
         WHERE confirmed_ms IS NULL
       RETURNING username`,
      [username, secret, nowMs],
    );
    return written.length > 0;
  }

  /** The app that shows codes of this secret is in use from now on. False: there is none that waits. */
  async confirmTotp(username: string, secret: string, step: number, nowMs: number): Promise<boolean> {
    const written = await this.#database.runReturning(
      `UPDATE totp SET confirmed_ms = ?, last_step = ?
       WHERE username = ? AND secret = ? AND confirmed_ms IS NULL RETURNING username`,
      [nowMs, step, username, secret],
    );
    return written.length > 0;
  }

  /** Takes a code of a time step. False: that code, or a later one, was taken before. */
  async takeStep(username: string, step: number): Promise<boolean> {
    const taken = await this.#database.runReturning(
      `UPDATE totp SET last_step = ?1 WHERE username = ?2 AND last_step < ?1 AND confirmed_ms IS NOT NULL
       RETURNING username`,
      [step, username],
    );
    return taken.length > 0;
  }

  /** False: there was none. */
  async removeTotp(username: string): Promise<boolean> {
    const removed = await this.#database.runReturning(
      "DELETE FROM totp WHERE username = ? RETURNING username",
      [username],
    );
    return removed.length > 0;
  }

  /** Replaces all recovery codes of an account. */
  putRecoveryCodes(username: string, hashes: readonly string[]): Promise<void> {
    return this.#database.transaction(async () => {
      await this.#database.run("DELETE FROM recovery_codes WHERE username = ?", [username]);
      for (const hash of hashes)
        await this.#database.run("INSERT INTO recovery_codes (username, code_hash) VALUES (?, ?)", [
          username,
          hash,
        ]);
    });
  }

  /** Uses a recovery code. False: there is none, or it was used. */
  async useRecoveryCode(username: string, hash: string, nowMs: number): Promise<boolean> {
    const used = await this.#database.runReturning(
      `UPDATE recovery_codes SET used_ms = ? WHERE username = ? AND code_hash = ? AND used_ms IS NULL
       RETURNING username`,
      [nowMs, username, hash],
    );
    return used.length > 0;
  }

  /** Removes all that is asked besides the password, with all passkeys. False: there was nothing. */
  removeAll(username: string): Promise<boolean> {
    return this.#database.transaction(async () => {
      let removed = 0;
      for (const table of ["totp", "recovery_codes", "passkeys"])
        removed += (
          await this.#database.runReturning(`DELETE FROM ${table} WHERE username = ? RETURNING username`, [
            username,
          ])
        ).length;
      await this.#database.run("DELETE FROM sign_in_steps WHERE username = ?", [username]);
      return removed > 0;
    });
  }
}
