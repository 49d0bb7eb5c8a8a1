/**
 * Outside numbers that are being proved. The web server asks, the engine calls, the web server takes the code: they meet in
 * this table alone, so that each may be away for a while.
 */
import type { Database } from "../database.js";

/** `asked`: the engine has not begun; `said`: somebody has answered and heard the code; `proved`: the code was typed in. */
export type ProofState = "asked" | "calling" | "said" | "failed" | "proved";

export interface NewNumberProof {
  readonly id: string;
  readonly username: string;
  /** The id that the device gets. */
  readonly device: string;
  /** E.164. */
  readonly number: string;
  readonly askedMs: number;
  readonly code: string;
  readonly codeHash: string;
}

export interface NumberProof extends Omit<NewNumberProof, "code"> {
  readonly state: ProofState;
  /** Why the call failed; null: it has not. */
  readonly why: string | null;
  /** Wrong codes so far. */
  readonly tries: number;
}

/** A call that the engine is to make. */
export interface ProofCall {
  readonly id: string;
  readonly username: string;
  readonly number: string;
  readonly code: string;
}

const COLUMNS = "id, username, device, number, asked_ms AS askedMs, code_hash AS codeHash, state, why, tries";

/** What is older is of no use to anybody. */
const FORGOTTEN_MS = 7 * 86_400_000;

export class NumberProofTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add({ id, username, device, number, askedMs, code, codeHash }: NewNumberProof): Promise<void> {
    await this.#database.transaction(async () => {
      await this.#database.run("DELETE FROM number_proofs WHERE asked_ms < ?", [askedMs - FORGOTTEN_MS]);
      await this.#database.run(
        `INSERT INTO number_proofs (id, username, device, number, asked_ms, code, code_hash, state)
         VALUES (?, ?, ?, ?, ?, ?, ?, 'asked')`,
        [id, username, device, number, askedMs, code, codeHash],
      );
    });
  }

  one(id: string): Promise<NumberProof | undefined> {
    return this.#database.get<NumberProof>(`SELECT ${COLUMNS} FROM number_proofs WHERE id = ?`, [id]);
  }

  /** How many calls were asked for since a time, by a user, and by everybody. */
  async askedSince(
    username: string,
    sinceMs: number,
  ): Promise<{ readonly own: number; readonly all: number }> {
    const row = await this.#database.get<{ own: number; allOfThem: number }>(
      `SELECT count(*) FILTER (WHERE username = ?) AS own, count(*) AS allOfThem FROM number_proofs
       WHERE asked_ms >= ?`,
      [username, sinceMs],
    );
    return { own: row?.own ?? 0, all: row?.allOfThem ?? 0 };
  }

  /** The calls to make, for whoever takes them first; those that were asked for before `sinceMs` come too late. */
  takeCalls(sinceMs: number): Promise<ProofCall[]> {
    return this.#database.transaction(async () => {
      const calls = await this.#database.all<ProofCall>(
        "SELECT id, username, number, code FROM number_proofs WHERE state = 'asked' AND asked_ms >= ?",
        [sinceMs],
      );
      if (calls.length > 0)
        await this.#database.run(
          `UPDATE number_proofs SET state = 'calling', code = NULL
           WHERE state = 'asked' AND id IN (SELECT value FROM json_each(?))`,
          [JSON.stringify(calls.map(({ id }) => id))],
        );
      return calls;
    });
  }

  /** Whether a call waits to be made, without a lock. */
  async hasCalls(sinceMs: number): Promise<boolean> {
    const row = await this.#database.get<{ found: number }>(
      "SELECT 1 AS found FROM number_proofs WHERE state = 'asked' AND asked_ms >= ? LIMIT 1",
      [sinceMs],
    );
    return row !== undefined;
  }

  /** What became of the call. Nothing is changed about a number that is proved meanwhile. */
  async called(id: string, state: "said" | "failed", why: string | null): Promise<void> {
    await this.#database.run(
      "UPDATE number_proofs SET state = ?, why = ? WHERE id = ? AND state IN ('calling', 'said')",
      [state, why, id],
    );
  }

  /** A wrong code. @returns how often a wrong one was tried, this time included */
  async wrongCode(id: string): Promise<number> {
    const [row] = await this.#database.runReturning<{ tries: number }>(
      "UPDATE number_proofs SET tries = tries + 1 WHERE id = ? RETURNING tries",
      [id],
    );
    return row?.tries ?? 0;
  }

  /** @returns false: the number was proved before, by the same code */
  async proved(id: string): Promise<boolean> {
    const rows = await this.#database.runReturning(
      "UPDATE number_proofs SET state = 'proved' WHERE id = ? AND state IN ('calling', 'said') RETURNING id",
      [id],
    );
    return rows.length > 0;
  }
}
