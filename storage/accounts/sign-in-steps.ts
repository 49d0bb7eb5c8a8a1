/** People whose password was right and whose second step is missing. It must come soon, and may fail a few times. */
import type { Database } from "../database.js";

export interface SignInStep {
  readonly username: string;
  /** When the password that was right was chosen. */
  readonly passwordMs: number;
}

export class SignInStepTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Keeps a step, and forgets those whose time is over. */
  add(step: SignInStep & { secretHash: string; expiresMs: number }, nowMs: number): Promise<void> {
    return this.#database.transaction(async () => {
      const { secretHash, username, passwordMs, expiresMs } = step;
      await this.#database.run("DELETE FROM sign_in_steps WHERE expires_ms <= ?", [nowMs]);
      await this.#database.run(
        `INSERT INTO sign_in_steps (secret_hash, username, password_ms, expires_ms, tries)
         SELECT ?, username, ?, ?, 0 FROM accounts WHERE username = ?`,
        [secretHash, passwordMs, expiresMs, username],
      );
    });
  }

  /** Counts a try of a step; undefined: it has ended, or was tried too often. */
  async tried(secretHash: string, nowMs: number, triesMax: number): Promise<SignInStep | undefined> {
    const [step] = await this.#database.runReturning<SignInStep>(
      `UPDATE sign_in_steps SET tries = tries + 1 WHERE secret_hash = ? AND expires_ms > ? AND tries < ?
       RETURNING username, password_ms AS passwordMs`,
      [secretHash, nowMs, triesMax],
    );
    return step;
  }

  /** Undefined: it has ended, or was tried too often. */
  read(secretHash: string, nowMs: number, triesMax: number): Promise<SignInStep | undefined> {
    return this.#database.get<SignInStep>(
      `SELECT username, password_ms AS passwordMs FROM sign_in_steps
       WHERE secret_hash = ? AND expires_ms > ? AND tries < ?`,
      [secretHash, nowMs, triesMax],
    );
  }

  /** Ends a step; false: it had ended. */
  async end(secretHash: string): Promise<boolean> {
    const ended = await this.#database.runReturning(
      "DELETE FROM sign_in_steps WHERE secret_hash = ? RETURNING username",
      [secretHash],
    );
    return ended.length > 0;
  }
}
