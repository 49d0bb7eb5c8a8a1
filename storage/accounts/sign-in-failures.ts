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

/** A counter before a try. */
export interface Before extends Counter, Failures {}

/** What is to become of a try, by the counters before it: how long it has to wait, or how many failures there are with it. */
export type Judge = (
  before: readonly Before[],
) => { readonly waitMs: number } | { readonly failures: readonly number[] };

export type Counted = { readonly waitMs: number } | { readonly before: readonly Before[] };

export class SignInFailureTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Counts a try as failed, unless it has to wait. */
  count(counters: readonly Counter[], nowMs: number, judge: Judge): Promise<Counted> {
    return this.#database.transaction(async (rollback) => {
      const before: Before[] = [];
      for (const counter of counters) before.push({ ...counter, ...(await this.#read(counter)) });
      const judged = judge(before);
      if ("waitMs" in judged) {
        rollback();
        return judged;
      }
      await this.#database.run("DELETE FROM sign_in_failures WHERE last_ms < ?", [nowMs - FAILURES_KEPT_MS]);
      for (const [index, { scope, key }] of before.entries())
        await this.#database.run(
          `INSERT INTO sign_in_failures (scope, key, failures, last_ms) VALUES (?, ?, ?, ?)
           ON CONFLICT (scope, key) DO UPDATE SET failures = excluded.failures, last_ms = excluded.last_ms`,
          [scope, key, judged.failures[index] ?? 1, nowMs],
        );
      return { before };
    });
  }

  async #read({ scope, key }: Counter): Promise<Failures> {
    const row = await this.#database.get<Failures>(
      "SELECT failures, last_ms AS lastMs FROM sign_in_failures WHERE scope = ? AND key = ?",
      [scope, key],
    );
    return row ?? { failures: 0, lastMs: 0 };
  }

  /** A try was right: it does not count. Other tries of that time stay counted. */
  takeBack(before: readonly Before[]): Promise<void> {
    return this.#database.transaction(async () => {
      for (const { scope, key, lastMs } of before)
        await this.#database.run(
          `UPDATE sign_in_failures SET failures = failures - 1,
             last_ms = CASE WHEN failures = 1 + ?3 THEN ?4 ELSE last_ms END
           WHERE scope = ?1 AND key = ?2 AND failures > 0`,
          [scope, key, before.find((each) => each.scope === scope)?.failures ?? 0, lastMs],
        );
      await this.#database.run("DELETE FROM sign_in_failures WHERE failures = 0");
    });
  }

  /** Forgets all failures of a counter. */
  async forget({ scope, key }: Counter): Promise<void> {
    await this.#database.run("DELETE FROM sign_in_failures WHERE scope = ? AND key = ?", [scope, key]);
  }
}
