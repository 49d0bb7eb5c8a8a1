/**
 * Mails to people that wait to be sent. A row says what the mail is about; its text, and a link in it, are made when it is
 * sent, so that no secret waits in the database and a crash loses none.
 */
import type { Database } from "../database.js";

export interface NewAccountMail {
  /** Such as `invitation`. */
  readonly kind: string;
  readonly username: string;
  /** What the text needs besides; no secret. */
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface AccountMail {
  readonly seq: number;
  readonly kind: string;
  /** Null: whose it is is found out when it is sent. */
  readonly username: string | null;
  /** What somebody typed who has forgotten the password. */
  readonly asked: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly madeMs: number;
  readonly attempts: number;
}

/** A kind that goes first, since the person waits for it. */
export const FORGOTTEN_PASSWORD = "forgotten_password";

/** Requests for a new password that may wait: nobody is to fill the disk with names that do not exist. */
const ASKED_MAX = 1_000;

/** Inside the transaction of the caller. A mail of the same kind for the user that waits is replaced. */
export async function queueMail(
  database: Database,
  { kind, username, detail }: NewAccountMail,
  nowMs: number,
): Promise<void> {
  await removeMails(database, kind, username);
  await addMail(database, { kind, username, detail }, nowMs);
}

function addMail(
  database: Database,
  { kind, username, detail }: NewAccountMail,
  nowMs: number,
): Promise<void> {
  return database.run(
    "INSERT INTO account_mails (kind, username, detail, made_ms, due_ms) VALUES (?1, ?2, ?3, ?4, ?4)",
    [kind, username, JSON.stringify(detail), nowMs],
  );
}

/** Inside the transaction of the caller. */
export function removeMails(database: Database, kind: string, username: string): Promise<void> {
  return database.run("DELETE FROM account_mails WHERE kind = ? AND username = ?", [kind, username]);
}

export class AccountMails {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Queues a mail beside others of its kind. */
  add(mail: NewAccountMail, nowMs: number): Promise<void> {
    return addMail(this.#database, mail, nowMs);
  }

  /** Somebody asks for a new password by a name or an address, whether it exists or not. */
  ask(asked: string, detail: Readonly<Record<string, unknown>>, nowMs: number): Promise<void> {
    return this.#database.run(
      `INSERT INTO account_mails (kind, asked, detail, made_ms, due_ms)
       SELECT '${FORGOTTEN_PASSWORD}', ?1, ?2, ?3, ?3
       WHERE (SELECT count(*) FROM account_mails WHERE asked IS NOT NULL) < ${ASKED_MAX}
       ON CONFLICT DO NOTHING`,
      [asked, JSON.stringify(detail), nowMs],
    );
  }

  /**
   * Takes the mail that goes next, so that no other process sends it before `untilMs`; undefined: none is due. A mail whose
   * sender has ended goes again.
   */
  async take(nowMs: number, untilMs: number): Promise<AccountMail | undefined> {
    const [row] = await this.#database.runReturning<Omit<AccountMail, "detail"> & { detail: string }>(
      `UPDATE account_mails SET due_ms = ?2, attempts = attempts + 1
       WHERE seq = (SELECT seq FROM account_mails WHERE due_ms <= ?1
         ORDER BY kind <> '${FORGOTTEN_PASSWORD}', due_ms, seq LIMIT 1)
       RETURNING seq, kind, username, asked, detail, made_ms AS madeMs, attempts`,
      [nowMs, untilMs],
    );
    return row === undefined
      ? undefined
      : { ...row, detail: JSON.parse(row.detail) as AccountMail["detail"] };
  }

  /** Whether a mail is due: cheap, and without the lock of a write. */
  async isDue(nowMs: number): Promise<boolean> {
    const row = await this.#database.get("SELECT 1 FROM account_mails WHERE due_ms <= ? LIMIT 1", [nowMs]);
    return row !== undefined;
  }

  /** The mails of the people that a request was about take its place. */
  splitAsked(asked: AccountMail, usernames: readonly string[], nowMs: number): Promise<void> {
    return this.#database.transaction(async () => {
      await this.#delete(asked.seq);
      for (const username of usernames)
        await queueMail(this.#database, { kind: FORGOTTEN_PASSWORD, username, detail: asked.detail }, nowMs);
    });
  }

  /** The mail goes again later. */
  postpone(seq: number, dueMs: number, why: string): Promise<void> {
    return this.#database.run("UPDATE account_mails SET due_ms = ?, why = ? WHERE seq = ?", [
      dueMs,
      why,
      seq,
    ]);
  }

  remove(seq: number): Promise<void> {
    return this.#delete(seq);
  }

  /** Why the last attempt of users' waiting mails of a kind failed; null: it was not tried yet. */
  async waiting(kind: string, usernames: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
    const rows = await this.#database.all<{ username: string; why: string | null }>(
      `SELECT username, why FROM account_mails
       WHERE kind = ? AND username IN (SELECT value FROM json_each(?))`,
      [kind, JSON.stringify(usernames)],
    );
    return new Map(rows.map(({ username, why }) => [username, why]));
  }

  #delete(seq: number): Promise<void> {
    return this.#database.run("DELETE FROM account_mails WHERE seq = ?", [seq]);
  }
}
