/**
 * Links with which a person or a phone fetches, once, what the phone signs in with. Only a digest of a link's token is
 * kept, and the password does not exist before the link is used: nobody who reads the database or a mail gets it.
 */
import { type Credential, putCredential } from "./credentials.js";
import type { Database } from "./database.js";

/** A link as it is made. Times are milliseconds since the epoch. */
export interface NewSetupLink {
  /** SHA-256 of the token in lower-case hexadecimal. */
  readonly tokenHash: string;
  readonly username: string;
  /** The device's id when the link was made; a rename may have changed it since. */
  readonly device: string;
  readonly sipName: string;
  /** `person`, or the make of a phone. */
  readonly madeFor: string;
  /** The switch's SIP domain. */
  readonly domain: string;
  /** host:port of the switch as phones reach it. */
  readonly server: string;
  readonly madeMs: number;
  readonly madeBy: string;
  readonly expiresMs: number;
}

export interface SetupLink extends NewSetupLink {
  /** Null: it was not used. */
  readonly usedMs: number | null;
  readonly usedFrom: string | null;
}

const COLUMNS = `token_hash AS tokenHash, username, device, sip_name AS sipName, made_for AS madeFor, domain, server, made_ms AS madeMs,
  made_by AS madeBy, expires_ms AS expiresMs, used_ms AS usedMs, used_from AS usedFrom`;

/** Links that ended so long ago are forgotten: until then their page says why they do not work. */
const FORGOTTEN_MS = 30 * 86_400_000;

/** Writes links, all or nothing. Links of the same phones that were not used end. */
export function writeSetupLinks(database: Database, links: readonly NewSetupLink[]): Promise<void> {
  return database.transaction(async () => {
    for (const link of links) await write(database, link);
  });
}

async function write(database: Database, link: NewSetupLink): Promise<void> {
  const { tokenHash, username, device, sipName, madeFor, domain, server, madeMs, madeBy, expiresMs } = link;
  await database.run("DELETE FROM setup_links WHERE expires_ms < ?", [madeMs - FORGOTTEN_MS]);
  await withdraw(database, sipName, madeMs);
  await database.run(
    `INSERT INTO setup_links (token_hash, username, device, sip_name, made_for, domain, server, made_ms, made_by,
       expires_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [tokenHash, username, device, sipName, madeFor, domain, server, madeMs, madeBy, expiresMs],
  );
}

/** A phone's link that waits for its use ends. False: there was none. */
export async function withdraw(database: Database, sipName: string, nowMs: number): Promise<boolean> {
  const rows = await database.runReturning(
    `DELETE FROM setup_links WHERE sip_name = ? AND used_ms IS NULL AND expires_ms > ?
     RETURNING token_hash`,
    [sipName, nowMs],
  );
  return rows.length > 0;
}

export function setupLink(database: Database, tokenHash: string): Promise<SetupLink | undefined> {
  return database.get<SetupLink>(`SELECT ${COLUMNS} FROM setup_links WHERE token_hash = ?`, [tokenHash]);
}

/** All links that are kept, the newest first. */
export function setupLinks(database: Database): Promise<SetupLink[]> {
  return database.all<SetupLink>(
    `SELECT ${COLUMNS} FROM setup_links ORDER BY made_ms DESC, username, device, token_hash`,
  );
}

/**
 * Uses a link and writes the credential that was made for it, both or neither.
 * @returns false: it was used or withdrawn meanwhile, or its time is over; nothing was written
 */
export function useSetupLink(
  database: Database,
  tokenHash: string,
  use: { readonly nowMs: number; readonly from: string },
  credential: Credential,
): Promise<boolean> {
  return database.transaction(async () => {
    const used = await database.runReturning(
      `UPDATE setup_links SET used_ms = ?, used_from = ?
       WHERE token_hash = ? AND used_ms IS NULL AND expires_ms > ? RETURNING token_hash`,
      [use.nowMs, use.from, tokenHash, use.nowMs],
    );
    if (used.length === 0) return false;
    await putCredential(database, credential);
    return true;
  });
}
