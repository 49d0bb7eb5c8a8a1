/** Mail that waits for its server: each taken once at a time, put back with a later time when it failed. */
import type { Database } from "./database.js";

/** One mail to one member about one message. */
export interface OutboxMail {
  readonly id: number;
  readonly message: string;
  readonly username: string;
  readonly address: string;
  /** How often it was tried before. */
  readonly attempts: number;
}

export class OutboxStore {
  constructor(private readonly database: Database) {}

  /** Takes the mail that has waited longest and is due; undefined: none is. From now on it is `sending`. */
  take(nowMs: number): Promise<OutboxMail | undefined> {
    return this.database.transaction(async (rollback) => {
      const mail = await this.database.get<OutboxMail>(
        `SELECT id, message, username, address, attempts FROM outbox
         WHERE state = 'waiting' AND next_ms <= ? ORDER BY next_ms, id LIMIT 1`,
        [nowMs],
      );
      if (mail === undefined) {
        rollback();
        return undefined;
      }
      await this.database.run("UPDATE outbox SET state = 'sending', attempts = attempts + 1 WHERE id = ?", [
        mail.id,
      ]);
      return mail;
    });
  }

  sent(id: number): Promise<void> {
    return this.database.run("UPDATE outbox SET state = 'sent' WHERE id = ?", [id]);
  }

  /** It was not taken: again at `nextMs`, or never (null). */
  failed(id: number, nextMs: number | null): Promise<void> {
    return nextMs === null
      ? this.database.run("UPDATE outbox SET state = 'given_up' WHERE id = ?", [id])
      : this.database.run("UPDATE outbox SET state = 'waiting', next_ms = ? WHERE id = ?", [nextMs, id]);
  }

  /** Gives up what a crash interrupted: a server may have it. Returns whose messages they were about. */
  async giveUpInterrupted(): Promise<string[]> {
    const rows = await this.database.all<{ message: string }>(
      "UPDATE outbox SET state = 'given_up' WHERE state = 'sending' RETURNING message",
    );
    return rows.map(({ message }) => message);
  }
}
