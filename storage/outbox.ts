/** The outbox: mails that wait for a mail server. A failed mail waits again until a later time. */
import type { MailedMember } from "../policy/mailbox/mailbox.js";
import type { Database } from "./database.js";

/** The subject of a mail: a message, or a missed call. */
export type MailSubject =
  | { readonly kind: "message"; readonly id: string }
  | { readonly kind: "call"; readonly id: string };

/** One mail to one member. */
export interface OutboxMail {
  readonly id: number;
  readonly about: MailSubject;
  readonly username: string;
  readonly address: string;
  /** How often it was tried before. */
  readonly attempts: number;
}

/** A call that nobody answered and that left no message. Times are milliseconds since the epoch. */
export interface MissedCallRow {
  readonly call: string;
  /** `user:NAME` or `group:ID`. */
  readonly box: string;
  readonly callerNumber: string;
  readonly callerName: string;
  readonly called: string;
  /** Users and outside numbers whose phones rang. */
  readonly rang: readonly string[];
  readonly arrivedMs: number;
  readonly endedMs: number;
}

interface Row {
  readonly id: number;
  readonly message: string | null;
  readonly call: string | null;
  readonly username: string;
  readonly address: string;
  readonly attempts: number;
}

/** A mail under way is due again if no outcome was written within this time. */
const ABANDONED_MS = 120_000;

export class OutboxStore {
  constructor(private readonly database: Database) {}

  /**
   * Takes the due mail that has waited longest; undefined: none is due. The attempt counts from now on, so that a mail
   * that crashes the process each time is given up in the end. Without an outcome it is due again after a while.
   */
  takeDue(nowMs: number): Promise<OutboxMail | undefined> {
    return this.database.transaction(async (rollback) => {
      const row = await this.database.get<Row>(
        `SELECT id, message, call, username, address, attempts FROM outbox
         WHERE state = 'waiting' AND next_ms <= ? ORDER BY next_ms, id LIMIT 1`,
        [nowMs],
      );
      if (row === undefined) {
        rollback();
        return undefined;
      }
      await this.database.run("UPDATE outbox SET attempts = attempts + 1, next_ms = ? WHERE id = ?", [
        nowMs + ABANDONED_MS,
        row.id,
      ]);
      const { id, username, address, attempts } = row;
      return { id, about: subjectOf(row), username, address, attempts };
    });
  }

  /** Sets a mail to `sending`: from now on only the server knows whether it has the mail. */
  committing(id: number): Promise<void> {
    return this.database.run("UPDATE outbox SET state = 'sending' WHERE id = ?", [id]);
  }

  sent(id: number): Promise<void> {
    return this.database.run("UPDATE outbox SET state = 'sent' WHERE id = ?", [id]);
  }

  /** A mail was not taken: it is due again at `nextMs`, or given up (null). */
  failed(id: number, nextMs: number | null): Promise<void> {
    return nextMs === null
      ? this.database.run("UPDATE outbox SET state = 'given_up' WHERE id = ?", [id])
      : this.database.run("UPDATE outbox SET state = 'waiting', next_ms = ? WHERE id = ?", [nextMs, id]);
  }

  /** Gives up mails that a crash interrupted while the server may have had them. Returns their subjects. */
  async giveUpInterrupted(): Promise<MailSubject[]> {
    // An engine that takes over must not wait for another process's write lock where there is nothing to write.
    const any = await this.database.get("SELECT 1 FROM outbox WHERE state = 'sending' LIMIT 1");
    if (any === undefined) return [];
    const rows = await this.database.transaction(() =>
      this.database.all<Pick<Row, "message" | "call">>(
        "UPDATE outbox SET state = 'given_up' WHERE state = 'sending' RETURNING message, call",
      ),
    );
    return rows.map(subjectOf);
  }

  /** Writes mails about a missed call, due at once. A call that is known already gets no further mails. */
  missed(call: MissedCallRow, mails: readonly MailedMember[]): Promise<void> {
    return this.database.transaction(async (rollback) => {
      if ((await this.missedCall(call.call)) !== undefined) {
        rollback();
        return;
      }
      const { box, callerNumber, callerName, called, rang, arrivedMs, endedMs } = call;
      await this.database.run(
        `INSERT INTO missed_calls (call, box, caller_number, caller_name, called, rang, arrived_ms, ended_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        [call.call, box, callerNumber, callerName, called, JSON.stringify(rang), arrivedMs, endedMs],
      );
      for (const { username, address } of mails)
        await this.database.run(
          `INSERT INTO outbox (call, username, address, state, next_ms) VALUES (?, ?, ?, 'waiting', ?)`,
          [call.call, username, address, endedMs],
        );
    });
  }

  async missedCall(call: string): Promise<MissedCallRow | undefined> {
    const row = await this.database.get<Omit<MissedCallRow, "rang"> & { readonly rang: string }>(
      `SELECT call, box, caller_number AS callerNumber, caller_name AS callerName, called, rang,
         arrived_ms AS arrivedMs, ended_ms AS endedMs
       FROM missed_calls WHERE call = ?`,
      [call],
    );
    return row && { ...row, rang: JSON.parse(row.rang) };
  }

  /** Forgets missed calls that ended before `beforeMs`, and the mails about them. */
  async forgetMissed(beforeMs: number): Promise<void> {
    const any = await this.database.get("SELECT 1 FROM missed_calls WHERE ended_ms < ? LIMIT 1", [beforeMs]);
    if (any === undefined) return;
    await this.database.run("DELETE FROM missed_calls WHERE ended_ms < ?", [beforeMs]);
  }
}

function subjectOf({ message, call }: Pick<Row, "message" | "call">): MailSubject {
  return message === null ? { kind: "call", id: call ?? "" } : { kind: "message", id: message };
}
