/** The table of requests that may be sent twice: what the first one was answered is kept for a day. */
import type { Database } from "./database.js";

/** Somebody's request. */
export interface RequestKey {
  /** The person, or the key of the API, that sends it. */
  readonly actor: string;
  readonly key: string;
}

/** An answer as it was sent. */
export interface KeptAnswer {
  readonly status: number;
  readonly revision: number | null;
  readonly location: string | null;
  /** Null: it has none, or a secret that is kept nowhere. */
  readonly value: unknown;
  readonly hadSecret: boolean;
}

export interface SeenRequest {
  readonly digest: string;
  readonly begunMs: number;
  /** Null: it is being answered, or its server has ended meanwhile. */
  readonly answer: KeptAnswer | null;
}

export class IdempotencyTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @returns undefined: it is the first, and now being answered; else what is known of the first */
  begin({ actor, key }: RequestKey, digest: string, nowMs: number): Promise<SeenRequest | undefined> {
    return this.#database.transaction(async () => {
      const row = await this.#database.get<{ digest: string; begunMs: number; answer: string | null }>(
        "SELECT digest, begun_ms AS begunMs, answer FROM idempotency WHERE actor = ? AND key = ?",
        [actor, key],
      );
      if (row !== undefined)
        return { ...row, answer: row.answer === null ? null : (JSON.parse(row.answer) as KeptAnswer) };
      await this.#database.run("INSERT INTO idempotency (actor, key, digest, begun_ms) VALUES (?, ?, ?, ?)", [
        actor,
        key,
        digest,
        nowMs,
      ]);
      return undefined;
    });
  }

  answered({ actor, key }: RequestKey, answer: KeptAnswer): Promise<void> {
    return this.#database.run("UPDATE idempotency SET answer = ? WHERE actor = ? AND key = ?", [
      JSON.stringify(answer),
      actor,
      key,
    ]);
  }

  /** Nothing was done: the same request may be made anew. */
  forget({ actor, key }: RequestKey): Promise<void> {
    return this.#database.run("DELETE FROM idempotency WHERE actor = ? AND key = ?", [actor, key]);
  }

  forgetBefore(beforeMs: number): Promise<void> {
    return this.#database.run("DELETE FROM idempotency WHERE begun_ms < ?", [beforeMs]);
  }
}
