/**
 * Counts sign-ins that failed. A try is counted as failed before it is looked at, and taken back if it was right: thousands
 * that come at the same moment are counted like thousands one after the other.
 */
import { FAILURES_KEPT_MS, type Failures, type GuessScope } from "../../policy/accounts/slowing.js";
import type { Database } from "../database.js";

/** What a try counts for. `key` is a digest. */
export interface Counter {
  readonly scope: GuessScope;
  readonly key: string;
}

/** A counter with what it says. */
export interface Counting extends Counter, Failures {}

/** What is to become of a try, by what its counters say: it has to wait, or how many failures each says from now on. */
export type Judge = (
  before: readonly Counting[],
) => { readonly waitMs: number } | { readonly failures: readonly number[] };

/** A try that was counted; `counted` is what its counter says with it. */
export interface CountedTry extends Counting {
  readonly counted: number;
}

export type Counted = { readonly waitMs: number } | { readonly tries: readonly CountedTry[] };

export class SignInFailureTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Counts a try as failed, unless it has to wait. */
  count(counters: readonly Counter[], nowMs: number, judge: Judge): Promise<Counted> {
    return this.#database.transaction(async (rollback) => {
      const before: Counting[] = [];
      for (const counter of counters) before.push({ ...counter, ...(await this.#read(counter)) });
      const judged = judge(before);
      if ("waitMs" in judged) {
        rollback();
        return judged;
      }
      await this.#database.run("DELETE FROM sign_in_failures WHERE last_ms < ?", [nowMs - FAILURES_KEPT_MS]);
      const tries = before.map((each, index) => ({ ...each, counted: judged.failures[index] ?? 1 }));
      for (const { scope, key, counted } of tries)
        await this.#database.run(
          `INSERT INTO sign_in_failures (scope, key, failures, last_ms) VALUES (?, ?, ?, ?)
           ON CONFLICT (scope, key) DO UPDATE SET failures = excluded.failures, last_ms = excluded.last_ms`,
          [scope, key, counted, nowMs],
        );
      return { tries };
    });
  }

  async #read({ scope, key }: Counter): Promise<Failures> {
    const row = await this.#database.get<Failures>(
      "SELECT failures, last_ms AS lastMs FROM sign_in_failures WHERE scope = ? AND key = ?",
      [scope, key],
    );
    return row ?? { failures: 0, lastMs: 0 };
  }

  /** A try was no failure. Others that came meanwhile stay counted. */
  takeBack(tries: readonly CountedTry[]): Promise<void> {
    return this.#database.transaction(async () => {
      for (const { scope, key, lastMs, counted } of tries) {
        await this.#database.run(
          `UPDATE sign_in_failures SET failures = failures - 1,
             last_ms = CASE WHEN failures = ? THEN ? ELSE last_ms END
           WHERE scope = ? AND key = ?`,
          [counted, lastMs, scope, key],
        );
        await this.#database.run(
          "DELETE FROM sign_in_failures WHERE scope = ? AND key = ? AND failures <= 0",
          [scope, key],
        );
      }
    });
  }

  /** Forgets all failures of a counter. */
  async forget({ scope, key }: Counter): Promise<void> {
    await this.#database.run("DELETE FROM sign_in_failures WHERE scope = ? AND key = ?", [scope, key]);
  }
}
