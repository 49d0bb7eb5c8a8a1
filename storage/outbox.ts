/** The outbox: mails that wait for a mail server. A failed mail waits again until a later time. */
import type { MailedMember } from "../policy/mailbox/mailbox.js";
import { given } from "../policy/office/optional.js";
import type { Database } from "./database.js";
import { type EmergencyCallRow, EmergencyTables } from "./emergency.js";

/** The subject of a mail: a message, a missed call, or a call for help (`emergency.ts`). */
export type MailSubject = { readonly kind: "message" | "call" | "emergency"; readonly id: string };

/** One mail to one member. */
export interface OutboxMail {
  readonly id: number;
  readonly about: MailSubject;
  readonly username: string;
  readonly address: string;
  /** When the message was delivered or the call was missed: milliseconds since the epoch. */
  readonly sinceMs: number;
  /** How often it was tried before. */
  readonly attempts: number;
  /** It goes without its sound, because a server did not take it with the sound. */
  readonly withoutSound?: boolean;
  /** How many tries in a row had no outcome, because the process died; left out: none. */
  readonly cutShort?: number;
}

/** Calls for help, of which somebody is told at once, or all else. */
export type MailsAbout = "help" | "others";

/** What becomes of a mail that was not sent: it is due again, or given up; `why` null: nobody has to know of it. */
export type Unsent =
  | { readonly nextMs: number; readonly withoutSound: boolean }
  | { readonly givenUp: true; readonly why: string | null };

/** The mail server takes no mails. */
export interface MailTrouble {
  /** Milliseconds since the epoch. */
  readonly sinceMs: number;
  readonly what: string;
}

/** A mail that was given up, for `ringline doctor`. */
export interface GivenUp {
  readonly address: string;
  readonly why: string;
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
  readonly emergency: string | null;
  readonly username: string;
  readonly address: string;
  readonly sinceMs: number | null;
  readonly attempts: number;
  readonly withoutSound: number;
  readonly cutShort: number;
}

/** Why a mail was given up of which only the server knows whether it has it. */
export const MAYBE_SENT = "it may or may not have been sent";
/** The latest time at which a mail that waits may be due; a later one shows that the clock was set back since. */
export const LATEST_DUE_MS = 4 * 3_600_000;
/** A mail under way is due again if no outcome was written within this time. */
const ABANDONED_MS = 120_000;

/** When the subject of a mail happened. */
const SINCE = `coalesce(
  (SELECT coalesce(delivered_ms, began_ms) FROM messages WHERE messages.id = outbox.message),
  (SELECT ended_ms FROM missed_calls WHERE missed_calls.call = outbox.call),
  (SELECT at_ms FROM emergency_calls WHERE emergency_calls.id = outbox.emergency))`;

const OF: Readonly<Record<MailsAbout, string>> = {
  help: "emergency IS NOT NULL",
  others: "emergency IS NULL",
};

export class OutboxStore {
  constructor(private readonly database: Database) {}

  /**
   * Takes the due mail that has waited longest; undefined: none is due. The attempt counts from now on as cut short, so
   * that a mail that crashes the process each time is given up in the end. Without an outcome it is due again after a
   * while.
   */
  async takeDue(nowMs: number, about?: MailsAbout): Promise<OutboxMail | undefined> {
    // Most of the time nothing is due: then no write lock is needed.
    if ((await this.#due(nowMs, about)) === undefined) return undefined;
    return this.database.transaction(async (rollback) => {
      const row = await this.#due(nowMs, about);
      if (row === undefined) {
        rollback();
        return undefined;
      }
      await this.database.run(
        "UPDATE outbox SET attempts = attempts + 1, cut_short = cut_short + 1, next_ms = ? WHERE id = ?",
        [nowMs + ABANDONED_MS, row.id],
      );
      const { id, username, address, sinceMs, attempts, withoutSound, cutShort } = row;
      return {
        id,
        about: subjectOf(row),
        username,
        address,
        sinceMs: sinceMs ?? nowMs,
        attempts,
        ...given({
          withoutSound: withoutSound === 1 ? true : undefined,
          cutShort: cutShort === 0 ? undefined : cutShort,
        }),
      };
    });
  }

  /** The mail that is due first, else one that is due only because the clock was set back. */
  async #due(nowMs: number, about: MailsAbout | undefined): Promise<Row | undefined> {
    const which = about === undefined ? "" : `${OF[about]} AND `;
    return (
      (await this.#firstDue(`${which} next_ms <= ? ORDER BY next_ms, id`, nowMs)) ??
      (await this.#firstDue(`${which} next_ms > ? ORDER BY next_ms DESC, id DESC`, nowMs + LATEST_DUE_MS))
    );
  }

  #firstDue(which: string, ms: number): Promise<Row | undefined> {
    return this.database.get<Row>(
      `SELECT id, message, call, emergency, username, address, attempts, without_sound AS withoutSound,
         cut_short AS cutShort,
         ${SINCE} AS sinceMs
       FROM outbox
       WHERE state = 'waiting' AND ${which} LIMIT 1`,
      [ms],
    );
  }

  /** How many mails wait. */
  async waiting(): Promise<number> {
    const row = await this.database.get<{ n: number }>(
      "SELECT count(*) AS n FROM outbox WHERE state = 'waiting'",
    );
    return row?.n ?? 0;
  }

  /** Since when the mail that was written first of those that wait has waited; undefined: none waits. */
  async waitingSinceMs(): Promise<number | undefined> {
    const row = await this.database.get<{ sinceMs: number | null }>(
      `SELECT ${SINCE} AS sinceMs FROM outbox WHERE state = 'waiting' ORDER BY id LIMIT 1`,
    );
    return row?.sinceMs ?? undefined;
  }

  /** Makes all mails that wait due: whatever stopped them may be over. */
  allDue(nowMs: number): Promise<void> {
    return this.database.run("UPDATE outbox SET next_ms = ?1 WHERE state = 'waiting' AND next_ms > ?1", [
      nowMs,
    ]);
  }

  /** Sets a mail to `sending`: from now on only the server knows whether it has the mail. */
  committing(id: number): Promise<void> {
    return this.database.run("UPDATE outbox SET state = 'sending' WHERE id = ?", [id]);
  }

  sent(id: number): Promise<void> {
    return this.database.run("UPDATE outbox SET state = 'sent' WHERE id = ?", [id]);
  }

  /** A mail was not sent. */
  failed(id: number, unsent: Unsent): Promise<void> {
    if ("givenUp" in unsent)
      return this.database.run("UPDATE outbox SET state = 'given_up', given_up_why = ? WHERE id = ?", [
        unsent.why,
        id,
      ]);
    return this.database.run(
      "UPDATE outbox SET state = 'waiting', cut_short = 0, next_ms = ?, without_sound = ? WHERE id = ?",
      [unsent.nextMs, unsent.withoutSound ? 1 : 0, id],
    );
  }

  /**
   * Gives up mails that a crash interrupted while the server may have had them. Returns their subjects. Mails about calls for
   * help are not among them.
   */
  giveUpInterrupted(): Promise<MailSubject[]> {
    return this.#endInterrupted("others", "'given_up', given_up_why = ?", MAYBE_SENT);
  }

  /** Makes such mails due again that are about calls for help: twice is better than not at all. Returns their subjects. */
  repeatInterrupted(nowMs: number): Promise<MailSubject[]> {
    return this.#endInterrupted("help", "'waiting', next_ms = ?", nowMs);
  }

  async #endInterrupted(about: MailsAbout, state: string, value: string | number): Promise<MailSubject[]> {
    const which = `state = 'sending' AND ${OF[about]}`;
    // An engine that takes over must not wait for another process's write lock where there is nothing to write.
    const any = await this.database.get(`SELECT 1 FROM outbox WHERE ${which} LIMIT 1`);
    if (any === undefined) return [];
    const rows = await this.database.transaction(() =>
      this.database.all<Pick<Row, "message" | "call" | "emergency">>(
        `UPDATE outbox SET state = ${state} WHERE ${which} RETURNING message, call, emergency`,
        [value],
      ),
    );
    return rows.map(subjectOf);
  }

  /** Mails about messages and calls since `sinceMs` that were given up for a reason, the latest first. */
  givenUp(sinceMs: number): Promise<GivenUp[]> {
    return this.database.all<GivenUp>(
      `SELECT address, given_up_why AS why FROM outbox
       LEFT JOIN messages ON messages.id = outbox.message
       LEFT JOIN missed_calls ON missed_calls.call = outbox.call
       LEFT JOIN emergency_calls ON emergency_calls.id = outbox.emergency
       WHERE outbox.state = 'given_up' AND given_up_why IS NOT NULL AND coalesce(delivered_ms, ended_ms, at_ms) >= ?
       ORDER BY outbox.id DESC`,
      [sinceMs],
    );
  }

  /** The trouble with the mail server; undefined: there is none. */
  trouble(): Promise<MailTrouble | undefined> {
    return this.database.get<MailTrouble>("SELECT since_ms AS sinceMs, what FROM mail_trouble");
  }

  /** Notes trouble with the mail server, or its end. The time of its beginning stays. */
  writeTrouble(trouble: MailTrouble | null): Promise<void> {
    return trouble === null
      ? this.database.run("DELETE FROM mail_trouble")
      : this.database.run(
          `INSERT INTO mail_trouble (only_row, since_ms, what) VALUES (1, ?, ?)
           ON CONFLICT (only_row) DO UPDATE SET what = excluded.what`,
          [trouble.sinceMs, trouble.what],
        );
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

  /** A call for help of which mails tell. */
  emergencyCall(id: string): Promise<EmergencyCallRow | undefined> {
    return new EmergencyTables(this.database).read(id);
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

function subjectOf({ message, call, emergency }: Pick<Row, "message" | "call" | "emergency">): MailSubject {
  if (message !== null) return { kind: "message", id: message };
  return call !== null ? { kind: "call", id: call } : { kind: "emergency", id: emergency ?? "" };
}
