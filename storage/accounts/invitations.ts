/** Invitations: users who may choose a password by a link and have not done so. A user has one at most. */
import type { Database } from "../database.js";
import { allUsernames } from "./accounts.js";
import { endLinks, forgetLink, type NewAccountLink, putLink } from "./links.js";
import { queueMail, removeMails } from "./mails.js";

/** The kind of the mail that brings an invitation. */
export const INVITATION = "invitation";

/** Times are milliseconds since the epoch. */
export interface Invitation {
  readonly username: string;
  readonly invitedMs: number;
  readonly invitedBy: string;
  /** False: the link was shown to whoever invited. */
  readonly byMail: boolean;
  /** When the mail server took the mail; null: it has not. */
  readonly sentMs: number | null;
  readonly sentTo: string | null;
  /** Why no mail is sent any more. */
  readonly failed: string | null;
  readonly expiresMs: number;
}

export interface Invite {
  readonly username: string;
  readonly by: string;
  readonly nowMs: number;
  readonly expiresMs: number;
  /** SHA-256 of the link that is shown; null: it goes by mail, and is made when the mail is sent. */
  readonly linkHash: string | null;
  /** Take the place of an invitation that there is. */
  readonly again: boolean;
}

/**
 * - `invited`: written.
 * - `unknown_user`: the newest revision does not have the user.
 * - `has_account`: the user has chosen a password already.
 * - `is_invited`: there is an invitation that works, and it was not to be replaced.
 * - `not_invited`: there is no invitation to be sent again.
 */
export type InviteOutcome = "invited" | "unknown_user" | "has_account" | "is_invited" | "not_invited";

type Row = Omit<Invitation, "byMail"> & { readonly byMail: number };

const COLUMNS = `username, invited_ms AS invitedMs, invited_by AS invitedBy, by_mail AS byMail, sent_ms AS sentMs,
  sent_to AS sentTo, failed, expires_ms AS expiresMs`;

export class InvitationTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async invitation(username: string): Promise<Invitation | undefined> {
    return (await this.invitationsOf([username])).get(username);
  }

  /** The invitations of these users, by username. */
  async invitationsOf(usernames: readonly string[]): Promise<ReadonlyMap<string, Invitation>> {
    const rows = await this.#database.all<Row>(
      `SELECT ${COLUMNS} FROM invitations WHERE username IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(usernames)],
    );
    return new Map(rows.map((row) => [row.username, invitationOf(row)]));
  }

  /** Everybody with an invitation, also with one whose time is over. */
  everybody(): Promise<ReadonlySet<string>> {
    return allUsernames(this.#database, "invitations");
  }

  /** Behind a username, in their order. */
  async list(after: string, limit: number): Promise<Invitation[]> {
    const rows = await this.#database.all<Row>(
      `SELECT ${COLUMNS} FROM invitations WHERE username > ? ORDER BY username LIMIT ?`,
      [after, limit],
    );
    return rows.map(invitationOf);
  }

  /** Invites people; each by itself, all in one transaction. The outcomes are in their order. */
  invite(all: readonly Invite[]): Promise<InviteOutcome[]> {
    return this.#database.transaction(async () => {
      const outcomes: InviteOutcome[] = [];
      for (const each of all) outcomes.push(await this.#invite(each));
      return outcomes;
    });
  }

  async #invite({ username, by, nowMs, expiresMs, linkHash, again }: Invite): Promise<InviteOutcome> {
    const found = await this.#database.get<{ user: number; account: number; open: number; any: number }>(
      `SELECT EXISTS (SELECT 1 FROM users WHERE key = ?1 AND until_revision IS NULL) AS user,
         EXISTS (SELECT 1 FROM accounts WHERE username = ?1) AS account,
         EXISTS (SELECT 1 FROM invitations WHERE username = ?1 AND expires_ms > ?2) AS open,
         EXISTS (SELECT 1 FROM invitations WHERE username = ?1) AS "any"`,
      [username, nowMs],
    );
    if (found?.user !== 1) return "unknown_user";
    if (found.account === 1) return "has_account";
    if (!again && found.open === 1) return "is_invited";
    if (again && found.any === 0) return "not_invited";
    await this.#database.run(
      `INSERT OR REPLACE INTO invitations (username, invited_ms, invited_by, by_mail, expires_ms)
       VALUES (?, ?, ?, ?, ?)`,
      [username, nowMs, by, linkHash === null ? 1 : 0, expiresMs],
    );
    await endLinks(this.#database, username, ["invitation"], { why: "replaced", nowMs });
    if (linkHash === null) await queueMail(this.#database, { kind: INVITATION, username, detail: {} }, nowMs);
    else {
      await removeMails(this.#database, INVITATION, username);
      const link = { linkHash, username, kind: INVITATION, sentTo: null, madeMs: nowMs, expiresMs } as const;
      await putLink(this.#database, link);
    }
    return "invited";
  }

  /** Ends an invitation and its links. False: there was none. */
  withdraw(username: string, nowMs: number): Promise<boolean> {
    return this.#database.transaction(async () => {
      const rows = await this.#database.runReturning(
        "DELETE FROM invitations WHERE username = ? RETURNING username",
        [username],
      );
      await endLinks(this.#database, username, ["invitation"], { why: "withdrawn", nowMs });
      await removeMails(this.#database, INVITATION, username);
      return rows.length > 0;
    });
  }

  /** A mail with a new link is about to be sent: earlier links end. False: the invitation is over. */
  beginSending(link: NewAccountLink): Promise<boolean> {
    const { username, madeMs, expiresMs } = link;
    return this.#database.transaction(async () => {
      const rows = await this.#database.runReturning(
        "UPDATE invitations SET expires_ms = ? WHERE username = ? AND by_mail = 1 RETURNING username",
        [expiresMs, username],
      );
      if (rows.length === 0) return false;
      await endLinks(this.#database, username, ["invitation"], { why: "replaced", nowMs: madeMs });
      await putLink(this.#database, link);
      return true;
    });
  }

  /** The mail server has taken the mail. */
  sent({ username, linkHash, sentTo }: NewAccountLink, nowMs: number): Promise<void> {
    return this.#database.run(
      `UPDATE invitations SET sent_ms = ?, sent_to = ?, failed = NULL WHERE username = ?
         AND EXISTS (SELECT 1 FROM account_links WHERE link_hash = ? AND ended IS NULL)`,
      [nowMs, sentTo, username, linkHash],
    );
  }

  /** No mail is sent any more. */
  failed(username: string, why: string): Promise<void> {
    return this.#database.run("UPDATE invitations SET failed = ? WHERE username = ?", [why, username]);
  }

  /** The mail with a link was not sent. */
  notSent(linkHash: string): Promise<void> {
    return forgetLink(this.#database, linkHash);
  }
}

function invitationOf(row: Row): Invitation {
  return { ...row, byMail: row.byMail === 1 };
}
