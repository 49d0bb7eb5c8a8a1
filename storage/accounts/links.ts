/**
 * Links with which people choose a password: of an invitation, and when they have forgotten it. A link works once; only its
 * hash is kept. Links that have ended stay for a month, so that their page says why they do not work.
 */
import type { Database } from "../database.js";

export type LinkKind = "invitation" | "password";

/** Why a link does not work though its time is not over. */
export type LinkEnd = "used" | "replaced" | "withdrawn";

/** Times are milliseconds since the epoch. */
export interface NewAccountLink {
  readonly linkHash: string;
  readonly username: string;
  readonly kind: LinkKind;
  /** The e-mail address that the link goes to; null: it is shown to an administrator. */
  readonly sentTo: string | null;
  readonly madeMs: number;
  readonly expiresMs: number;
}

export interface AccountLink extends NewAccountLink {
  /** Null: it was not ended. */
  readonly ended: LinkEnd | null;
  readonly endedMs: number | null;
}

const FORGOTTEN_MS = 30 * 86_400_000;

export function accountLink(database: Database, linkHash: string): Promise<AccountLink | undefined> {
  return database.get<AccountLink>(
    `SELECT link_hash AS linkHash, username, kind, sent_to AS sentTo, made_ms AS madeMs, expires_ms AS expiresMs,
       ended, ended_ms AS endedMs
     FROM account_links WHERE link_hash = ?`,
    [linkHash],
  );
}

/** Inside the transaction of the caller. */
export async function putLink(database: Database, link: NewAccountLink): Promise<void> {
  const { linkHash, username, kind, sentTo, madeMs, expiresMs } = link;
  await database.run("DELETE FROM account_links WHERE expires_ms < ?", [madeMs - FORGOTTEN_MS]);
  await database.run(
    `INSERT INTO account_links (link_hash, username, kind, sent_to, made_ms, expires_ms) VALUES (?, ?, ?, ?, ?, ?)`,
    [linkHash, username, kind, sentTo, madeMs, expiresMs],
  );
}

/** Ends a user's links that still work, inside the transaction of the caller. */
export function endLinks(
  database: Database,
  username: string,
  kinds: readonly LinkKind[],
  end: { readonly why: LinkEnd; readonly nowMs: number },
): Promise<void> {
  return database.run(
    `UPDATE account_links SET ended = ?, ended_ms = ?
     WHERE username = ? AND ended IS NULL AND kind IN (SELECT value FROM json_each(?))`,
    [end.why, end.nowMs, username, JSON.stringify(kinds)],
  );
}

/** Marks a link as used, inside the transaction of the caller. False: it does not work any more. */
export async function takeLink(database: Database, linkHash: string, nowMs: number): Promise<boolean> {
  const taken = await database.runReturning(
    `UPDATE account_links SET ended = 'used', ended_ms = ?1
     WHERE link_hash = ?2 AND ended IS NULL AND expires_ms > ?1 RETURNING link_hash`,
    [nowMs, linkHash],
  );
  return taken.length > 0;
}

/** Forgets a link whose mail was not sent. */
export function forgetLink(database: Database, linkHash: string): Promise<void> {
  return database.run("DELETE FROM account_links WHERE link_hash = ?", [linkHash]);
}

/** How many links for a forgotten password were made for a user since then. */
export async function passwordLinksSince(
  database: Database,
  username: string,
  sinceMs: number,
): Promise<number> {
  const row = await database.get<{ n: number }>(
    "SELECT count(*) AS n FROM account_links WHERE username = ? AND kind = 'password' AND made_ms > ?",
    [username, sinceMs],
  );
  return row?.n ?? 0;
}
