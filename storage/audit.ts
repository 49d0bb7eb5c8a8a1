/** The table of who did what, from where. Entries are added and read, and deleted when the office keeps them no longer. */
import type { Database } from "./database.js";

/** Each action that is kept. */
export const AUDIT_ACTIONS = {
  signed_in: "signed in",
  sign_in_failed: "failed to sign in",
  signed_out: "signed out",
  session_ended: "ended a session",
  password_set: "set a password",
  password_forgotten: "asked for a new password",
  second_factor_added: "added a second factor",
  second_factor_removed: "removed a second factor",
  invited: "invited",
  invitation_withdrawn: "withdrew an invitation",
  account_activated: "activated the account",
  account_suspended: "suspended the account",
  account_removed: "removed the account",
  key_made: "made a key of the API",
  key_ended: "ended a key of the API",
  phone_password_made: "made a phone's password",
  phone_link_made: "made a link for a phone",
  number_proved: "proved an outside number",
  message_heard: "heard a message",
  message_changed: "changed a message",
  greeting_changed: "changed a greeting",
  pin_changed: "changed a PIN",
  exported: "exported",
  webhook_changed: "changed the delivery of a webhook",
  office_changed: "changed the office",
} as const;
export type AuditAction = keyof typeof AUDIT_ACTIONS;

export interface NewAuditEntry {
  readonly atMs: number;
  /** Null: nobody known. */
  readonly actor: string | null;
  /** The name of the key of the API; null: no key was used. */
  readonly key: string | null;
  /** Null: a command on the machine. */
  readonly address: string | null;
  readonly action: AuditAction;
  /** `user:bob.stone`; null: nothing in particular. */
  readonly subject: string | null;
  /** What it was, for people and programs: plain values, no secret. */
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface AuditEntry extends NewAuditEntry {
  readonly seq: number;
}

export interface AuditFilter {
  /** What this user did, and what was done about them. */
  readonly concerning?: string;
  readonly actor?: string;
  readonly subject?: string;
  readonly action?: AuditAction;
  readonly fromMs?: number;
  /** Before this time. */
  readonly untilMs?: number;
}

export class AuditTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add({ atMs, actor, key, address, action, subject, detail }: NewAuditEntry): Promise<void> {
    await this.#database.run(
      "INSERT INTO audit (at_ms, actor, key, address, action, subject, detail) VALUES (?, ?, ?, ?, ?, ?, ?)",
      [atMs, actor, key, address, action, subject, JSON.stringify(detail)],
    );
  }

  /** The newest first. @param before entries before this one; left out: from the newest */
  async list(
    filter: AuditFilter,
    page: { readonly before?: number; readonly limit: number },
  ): Promise<AuditEntry[]> {
    const { where, values } = conditions(filter, page.before);
    const rows = await this.#database.all<AuditEntry & { detail: string }>(
      `SELECT seq, at_ms AS atMs, actor, key, address, action, subject, detail FROM audit
       WHERE ${where} ORDER BY seq DESC LIMIT ?`,
      [...values, page.limit],
    );
    return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) as Record<string, unknown> }));
  }

  /** Deletes entries from before a time, so many at most. @returns how many were deleted */
  async deleteOld(beforeMs: number, limit: number): Promise<number> {
    const deleted = await this.#database.runReturning<{ seq: number }>(
      `DELETE FROM audit WHERE seq IN (SELECT seq FROM audit WHERE at_ms < ? ORDER BY at_ms LIMIT ?)
       RETURNING seq`,
      [beforeMs, limit],
    );
    return deleted.length;
  }
}

function conditions(
  { concerning, actor, subject, action, fromMs, untilMs }: AuditFilter,
  before: number | undefined,
): { readonly where: string; readonly values: (string | number)[] } {
  const wanted = [
    ["(actor = ? OR subject = 'user:' || ?)", concerning],
    ["actor = ?", actor],
    ["subject = ?", subject],
    ["action = ?", action],
    ["at_ms >= ?", fromMs],
    ["at_ms < ?", untilMs],
    ["seq < ?", before],
  ] as const;
  const given = wanted.flatMap(([text, value]) => (value === undefined ? [] : [[text, value] as const]));
  return {
    where: given.length === 0 ? "TRUE" : given.map(([text]) => text).join(" AND "),
    // A text may stand in a condition more than once.
    values: given.flatMap(([text, value]) =>
      text
        .split("?")
        .slice(1)
        .map(() => value),
    ),
  };
}
